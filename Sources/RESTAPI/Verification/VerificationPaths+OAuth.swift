import ClavigerWire
import ControlPlane
import Domain
import HTTPKernel
import HTTPTypes
import Hummingbird
import NIOCore
import StrictJSON

extension VerificationPaths {
    private static let introspection = ScopeRoute(method: "POST", template: APIPath.oauthIntrospect.fullTemplate)
    private static let revocation = ScopeRoute(method: "POST", template: APIPath.oauthRevoke.fullTemplate)

    /// `POST /oauth2/introspect` (RFC 7662): `{"active":false}` for every token that isn't good, whatever the reason.
    ///
    /// A look costs nothing of the token's limits.
    func introspect(_ knock: Knock) async throws -> Response {
        let (caller, organization) = try await asker(knock, Self.introspection, unlessPrivileged: .unauthorized)
        let form = try await form(knock, ["token", "token_type_hint", "api", "client_address"])
        if knock.wasSlow { _ = try await asker(knock, Self.introspection, unlessPrivileged: .unauthorized) }
        guard let text = form["token"] else { throw OAuthError(.badRequest, "invalid_request", "token is missing.") }
        var question = VerificationQuestion(
            text: text,
            organizationID: organization,
            cost: .look,
            asker: knock.address,
            source: caller.credentialID,
            endpoint: "POST:\(APIPath.oauthIntrospect.fullTemplate)"
        )
        if let id = form["api"] {
            guard let id = ProtectedAPIID(id),
                let api = try await service.api(id, of: organization, source: caller.credentialID)
            else {
                throw OAuthError(.badRequest, "invalid_request", "api must be a protected API of your organization.")
            }
            question.api = api
        }
        if let address = form["client_address"] {
            guard let address = IPAddress(address) else {
                throw OAuthError(.badRequest, "invalid_request", "client_address must be an IPv4 or IPv6 address.")
            }
            question.address = address
        }
        return JSONAnswer.make(bytes: introspection(try await service.verify(question)))
    }

    /// `POST /oauth2/revoke` (RFC 7009): 200 whatever the token was.
    func revoke(_ knock: Knock) async throws -> Response {
        let (caller, _) = try await asker(knock, Self.revocation, unlessPrivileged: .forbidden)
        let form = try await form(knock, ["token", "token_type_hint"])
        if knock.wasSlow { _ = try await asker(knock, Self.revocation, unlessPrivileged: .forbidden) }
        guard let text = form["token"] else { throw OAuthError(.badRequest, "invalid_request", "token is missing.") }
        _ = try await service.revoke(text, caller: caller)
        return Response(status: .ok, headers: [.contentLength: "0"])
    }

    /// `GET /.well-known/oauth-authorization-server` (RFC 8414).
    func metadata(_ knock: Knock) async throws -> Response {
        let url = configuration.publicURL
        // What has no elements is left out (section 3.2). An introspection endpoint may name types of access tokens among
        // its methods, and a revocation endpoint may not (section 2).
        let metadata: JSONValue = .object([
            "issuer": .string(url),
            "introspection_endpoint": .string(url + APIPath.oauthIntrospect.fullTemplate),
            "introspection_endpoint_auth_methods_supported": ["client_secret_basic", "Bearer"],
            "revocation_endpoint": .string(url + APIPath.oauthRevoke.fullTemplate),
            "revocation_endpoint_auth_methods_supported": ["client_secret_basic"],
        ])
        return JSONAnswer.make(bytes: metadata.bytes)
    }

    private func form(_ knock: Knock, _ names: [String]) async throws -> FormBody {
        let form: FormBody
        do {
            form = try await FormBody.read(from: knock.request, limits: configuration.limits)
        } catch {
            guard error.status == .badRequest, !error.closesConnection else { throw error }
            throw OAuthError(.badRequest, "invalid_request", error.detail)
        }
        guard !form.repeats(names) else {
            throw OAuthError(.badRequest, "invalid_request", "A parameter was sent more than once.")
        }
        return form
    }

    /// Whoever asks, by a bearer token, or by an OAuth client's Basic credentials: the token's id and the token.
    ///
    /// `status` answers a credential that is good and lacks `tokens:verify`.
    private func asker(
        _ knock: Knock,
        _ route: ScopeRoute?,
        unlessPrivileged status: HTTPResponse.Status
    ) async throws -> (Caller, OrganizationID) {
        let fields = knock.request.headers
        let isBasic = fields[values: .authorization].count == 1 && BasicCredential.isShown(fields)
        do {
            let basic = try BasicCredential(fields)
            let text = try basic?.password ?? BearerCredential(fields).token
            let (caller, organization) = try await service.asker(
                bearer: text,
                origin: knock.anonymous,
                route: route,
                at: PlaceChoice(fields)
            )
            guard basic == nil || basic?.user == caller.credentialID?.text else {
                throw HTTPProblem.unauthorized(.invalidToken, "The user name must be the id of the token: crd_….")
            }
            return (caller, organization)
        } catch {
            let problem = HTTPProblem(mapping: error)
            switch (problem.status, problem.code) {
            case (.forbidden, .insufficientScope), (.forbidden, .permissionDenied):
                throw OAuthError.withoutPrivilege(status, isBasic: isBasic, problem.detail)
            case (.unauthorized, _), (.forbidden, _): throw OAuthError.badClient(problem, isBasic: isBasic)
            default: throw problem
            }
        }
    }

    private func introspection(_ answer: VerificationAnswer) -> [UInt8] {
        guard case .valid(let valid) = answer else { return Array(#"{"active":false}"#.utf8) }
        let token = valid.token
        var writer = JSONWriter(reservingCapacity: 512)
        func field(_ name: String, _ value: String?) {
            guard let value else { return }
            writer.name(name)
            writer.string(value)
        }
        writer.beginObject()
        writer.name("active")
        writer.bool(true)
        field("scope", token.texts(routes: service.routes).scopeList)
        field("client_id", token.actor.id)
        field("username", token.actor.name)
        field("token_type", "Bearer")
        field("sub", token.actor.id)
        field("aud", token.record.serves)
        field("iss", configuration.publicURL)
        field("jti", token.id.text)
        if let end = valid.isPrevious ? token.record.previousEndsAt : token.record.endsAt {
            writer.name("exp")
            writer.integer(end.microseconds / 1_000_000)
        }
        writer.endObject()
        return writer.bytes
    }
}

/// A refusal in OAuth's own form (RFC 6749, section 5.2).
struct OAuthError: Error {
    private let status: HTTPResponse.Status
    private let code: String
    private let text: String
    private let challenge: String?

    init(_ status: HTTPResponse.Status, _ code: String, _ text: String, challenge: String? = nil) {
        self.status = status
        self.code = code
        self.text = text
        self.challenge = challenge
    }

    /// Whoever asks could not be told: 401 with a challenge of the scheme that they used.
    static func badClient(_ problem: HTTPProblem, isBasic: Bool) -> OAuthError {
        let challenge = isBasic ? BasicCredential.challenge : HTTPProblem.challenge(for: problem.code)
        return OAuthError(.unauthorized, "invalid_client", problem.detail, challenge: challenge)
    }

    /// Whoever asks is known and may not ask: with 401 at introspection (RFC 7662, section 2.3).
    static func withoutPrivilege(_ status: HTTPResponse.Status, isBasic: Bool, _ text: String) -> OAuthError {
        guard isBasic else {
            let scope = ScopeAction.tokensVerify.text
            let challenge = "Bearer realm=\"claviger\", error=\"insufficient_scope\", scope=\"\(scope)\""
            return OAuthError(status, "insufficient_scope", text, challenge: challenge)
        }
        let challenge = status == .unauthorized ? BasicCredential.challenge : nil
        return OAuthError(status, "unauthorized_client", text, challenge: challenge)
    }

    var response: Response {
        let body: JSONValue = .object(["error": .string(code), "error_description": .string(text)])
        var response = JSONAnswer.make(bytes: body.bytes, status: status)
        if let challenge { response.headers[.wwwAuthenticate] = challenge }
        return response
    }
}
