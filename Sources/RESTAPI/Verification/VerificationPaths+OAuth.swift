import ClavigerWire
import ControlPlane
import Domain
import HTTPKernel
import HTTPTypes
import Hummingbird
import NIOCore
import StrictJSON

extension VerificationPaths {
    /// `POST /oauth2/introspect` (RFC 7662): `{"active":false}` for every token that isn't good, whatever the reason.
    ///
    /// A look costs nothing of the token's limits.
    func introspect(_ knock: Knock) async throws -> Response {
        let (_, organization) = try await asker(knock, APIPath.oauthIntrospect)
        let form = try await form(knock, ["token", "token_type_hint", "api", "client_address"])
        guard let text = form["token"] else { throw OAuthError(.badRequest, "invalid_request", "token is missing.") }
        var question = VerificationQuestion(
            text: text,
            organizationID: organization,
            cost: .look,
            asker: knock.address?.description,
            endpoint: "POST:\(APIPath.oauthIntrospect.fullTemplate)"
        )
        if let id = form["api"] {
            guard let id = ProtectedAPIID(id), let api = try await service.api(id, of: organization) else {
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
        let (caller, _) = try await asker(knock, APIPath.oauthRevoke)
        let form = try await form(knock, ["token", "token_type_hint"])
        guard let text = form["token"] else { throw OAuthError(.badRequest, "invalid_request", "token is missing.") }
        _ = try await service.revoke(text, caller: caller)
        return Response(status: .ok, headers: [.contentLength: "0"])
    }

    /// `GET /.well-known/oauth-authorization-server` (RFC 8414).
    func metadata(_ knock: Knock) async throws -> Response {
        let url = configuration.publicURL
        let methods: JSONValue = ["client_secret_basic", "Bearer"]
        let metadata: JSONValue = .object([
            "issuer": .string(url),
            "introspection_endpoint": .string(url + APIPath.oauthIntrospect.fullTemplate),
            "introspection_endpoint_auth_methods_supported": methods,
            "revocation_endpoint": .string(url + APIPath.oauthRevoke.fullTemplate),
            "revocation_endpoint_auth_methods_supported": methods,
            "response_types_supported": [],
            "grant_types_supported": [],
        ])
        return JSONAnswer.make(bytes: metadata.bytes)
    }

    private func form(_ knock: Knock, _ names: [String]) async throws -> FormBody {
        let form = try await FormBody.read(from: knock.request, limits: configuration.limits)
        guard !form.repeats(names) else {
            throw OAuthError(.badRequest, "invalid_request", "A parameter was sent more than once.")
        }
        return form
    }

    /// Whoever asks, by a bearer token, or by an OAuth client's Basic credentials: the token's id and the token.
    private func asker(_ knock: Knock, _ path: APIPath) async throws -> (Caller, OrganizationID) {
        let route = ScopeRoute(method: "POST", template: path.fullTemplate)
        let basic = try BasicCredential(knock.request.headers)
        let text = try basic?.password ?? BearerCredential(knock.request.headers).token
        let (caller, organization) = try await service.asker(bearer: text, origin: knock.anonymous, route: route)
        guard basic == nil || basic?.user == caller.credentialID?.text else {
            throw HTTPProblem.unauthorized(.invalidToken, "The user name must be the id of the token: crd_….")
        }
        return (caller, organization)
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
        field("scope", token.scopes(routes: service.routes).joined(separator: " "))
        field("client_id", token.owner.id)
        field("username", token.ownerName)
        field("token_type", "Bearer")
        field("sub", token.owner.id)
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

    init(_ status: HTTPResponse.Status, _ code: String, _ text: String) {
        self.status = status
        self.code = code
        self.text = text
    }

    var response: Response {
        let body: JSONValue = .object(["error": .string(code), "error_description": .string(text)])
        return JSONAnswer.make(bytes: body.bytes, status: status)
    }
}
