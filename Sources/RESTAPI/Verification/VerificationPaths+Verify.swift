import ClavigerWire
import ControlPlane
import Domain
import HTTPKernel
import HTTPTypes
import Hummingbird
import StrictJSON

extension VerificationPaths {
    private static let route = ScopeRoute(method: "POST", template: APIPath.verifyToken.fullTemplate)
    private static let endpoint = "POST:\(APIPath.verifyToken.fullTemplate)"

    /// `POST /api/v1/tokens/verify`: 200 with `valid` and, if it isn't, the code; other statuses tell of the request.
    func verify(_ knock: Knock) async throws -> Response {
        let (caller, organization) = try await asker(knock)
        let bytes = try await JSONBody.bytes(from: knock.request, limits: configuration.limits)
        if knock.wasSlow { _ = try await asker(knock) }
        let asked = try VerifyTokenQuestion(bytes)
        var question = VerificationQuestion(
            text: asked.token,
            organizationID: organization,
            wants: asked.scopes,
            cost: asked.cost,
            address: asked.address,
            asker: knock.address,
            source: caller.credentialID,
            endpoint: Self.endpoint
        )
        question.wantsStandings = true
        if let id = asked.api {
            guard let api = try await service.api(id, of: organization, source: caller.credentialID) else {
                throw HTTPProblem.invalid("/api", "must be a protected API of your organization")
            }
            question.api = api
            question.endpoint = id.text
        }
        let answer = try await service.verify(question)
        return JSONAnswer.make(bytes: VerifyTokenAnswer(answer, routes: service.routes).bytes)
    }

    private func asker(_ knock: Knock) async throws -> (caller: Caller, organization: OrganizationID) {
        let fields = knock.request.headers
        return try await service.asker(
            bearer: BearerCredential(fields).token,
            origin: knock.anonymous,
            route: Self.route,
            at: PlaceChoice(fields)
        )
    }
}

/// The body of a verification, read directly: it is the busiest of all.
struct VerifyTokenQuestion {
    static let fields = ["token", "api", "scopes", "cost", "client_address"]

    let token: String
    var api: ProtectedAPIID?
    var scopes: [Scope] = []
    var cost = LimitCost.one
    var address: IPAddress?

    init(_ bytes: [UInt8]) throws(HTTPProblem) {
        let root: JSONView
        do {
            root = try JSONDocument(parsing: bytes).root
        } catch {
            throw HTTPProblem(error)
        }
        guard root.isObject else { throw .invalid("", "must be an object") }
        var faults = root.names.filter { !Self.fields.contains($0) }.map {
            FieldProblem(path: "/\($0)", message: "is not known here")
        }
        func given(_ name: String) -> JSONView? { root[name].flatMap { $0.isNull ? nil : $0 } }
        func fault(_ path: String, _ message: String) { faults.append(FieldProblem(path: path, message: message)) }
        token = given("token")?.string ?? ""
        if token.isEmpty { fault("/token", "must be the token as text") }
        if let view = given("api") {
            api = view.string.flatMap { ProtectedAPIID($0) }
            if api == nil { fault("/api", "must be the id of a protected API: api_…") }
        }
        if let view = given("cost") {
            if let units = view.integer, let cost = LimitCost(Int(clamping: units)) {
                self.cost = cost
            } else {
                fault("/cost", "must be a whole number from 0 to 1000")
            }
        }
        if let view = given("client_address") {
            address = view.string.flatMap { IPAddress($0) }
            if address == nil { fault("/client_address", "must be an IPv4 or IPv6 address") }
        }
        if let view = given("scopes") {
            let elements = view.elements
            if !view.isArray || elements.count > ScopeSet.counts.upperBound {
                fault("/scopes", "must be a list of at most \(ScopeSet.counts.upperBound) scopes")
            } else {
                for (place, element) in elements.enumerated() {
                    do throws(ScopeFault) {
                        scopes.append(try Scope(parsing: element.string ?? ""))
                    } catch {
                        fault("/scopes/\(place)", error.message)
                    }
                }
            }
        }
        guard faults.isEmpty else {
            throw HTTPProblem(.unprocessableContent, .invalidFields, "The request is not valid.", errors: faults)
        }
    }
}

/// The answer to a verification as JSON text.
struct VerifyTokenAnswer {
    private var writer = JSONWriter(reservingCapacity: 512)

    var bytes: [UInt8] { writer.bytes }

    init(_ answer: VerificationAnswer, routes: RouteActions) {
        writer.beginObject()
        switch answer {
        case .valid(let valid):
            field("valid", true)
            let texts = valid.token.texts(routes: routes)
            identity(valid.token, texts)
            writer.name("scopes")
            writer.beginArray()
            for scope in texts.scopes { writer.string(scope) }
            writer.endArray()
            let end = valid.isPrevious ? valid.token.record.previousEndsAt : valid.token.record.endsAt
            field("expires_at", end?.rfc3339)
            field("in_grace", valid.isPrevious)
            limits(valid.limits)
        case .refused(let refused):
            field("valid", false)
            field("code", refused.code.rawValue)
            if let token = refused.token { field("token_id", token.id.text) }
            if let scope = refused.missingScope { field("scope", scope) }
            if case .refused(let refusal) = refused.limits?.decision {
                writer.name("retry_after_seconds")
                writer.integer(refusal.retryAfterSeconds)
                field("resets_at", refused.limits?.headers?.resetsAt.rfc3339)
            }
            limits(refused.limits)
        }
        writer.endObject()
    }

    private mutating func identity(_ token: IndexedToken, _ texts: IndexedToken.Texts) {
        field("token_id", texts.id)
        field("kind", token.record.kind.name)
        field("organization_id", texts.organization)
        field("workspace_id", texts.workspace)
        writer.name("identity")
        writer.beginObject()
        field("kind", token.actor.kind.rawValue)
        field("id", token.actor.id)
        field("name", token.actor.name)
        writer.endObject()
    }

    /// One line for each limit that is set, with what is left.
    private mutating func limits(_ outcome: LimitSubject.Outcome?) {
        writer.name("limits")
        writer.beginArray()
        for standing in outcome?.standings ?? [] {
            writer.beginObject()
            field("name", standing.kind.rawValue)
            writer.name("limit")
            writer.integer(Int64(standing.limit))
            writer.name("left")
            writer.integer(Int64(standing.left))
            field("full_at", standing.fullAt.rfc3339)
            writer.endObject()
        }
        writer.endArray()
        if let threshold = outcome?.threshold {
            writer.name("quota_warning")
            writer.integer(Int64(threshold.rawValue))
        }
    }

    private mutating func field(_ name: String, _ value: Bool) {
        writer.name(name)
        writer.bool(value)
    }

    private mutating func field(_ name: String, _ value: String?) {
        writer.name(name)
        if let value { writer.string(value) } else { writer.null() }
    }
}
