package import ClavigerWire
package import ControlPlane
import Domain
import HTTPKernel

/// What maintainers ask about machine identities, as it is written and answered; the host's commands ask it too (CLI-2).
package struct IdentityRequests: Sendable {
    private let service: IdentityService
    private let caller: Caller

    package init(service: IdentityService, caller: Caller) {
        self.service = service
        self.caller = caller
    }

    package func create(_ request: CreateIdentityRequest) async throws -> IdentityChangeResponse {
        let isDryRun = request.dryRun ?? false
        let outcome = try await service.create(IdentityDraft(request), isDryRun: isDryRun, caller: caller)
        return IdentityChangeResponse(outcome, isDryRun: isDryRun)
    }

    /// Those of one kind; a cursor belongs to its kind.
    package func list(kind: String, limit: Int, cursor: String?) async throws -> WirePage<IdentityResponse> {
        switch kind {
        case "service":
            let page = try await service.accounts(limit: limit, after: Self.cursor(cursor), caller: caller)
            return WirePage(data: page.items.map { IdentityResponse($0) }, nextCursor: page.nextCursor)
        case "agent":
            let page = try await service.agents(limit: limit, after: Self.cursor(cursor), caller: caller)
            return WirePage(data: page.items.map { IdentityResponse($0) }, nextCursor: page.nextCursor)
        default: throw HTTPProblem.invalid("kind", "Must be service or agent.")
        }
    }

    package func inspect(_ id: String) async throws -> IdentityResponse {
        let view = try await service.inspect(Self.id(id), caller: caller)
        var answer = IdentityResponse(view)
        if case .service = view.subject { answer.tokens = view.tokens.map(TokenResponse.init) }
        answer.events = view.events.map(AuditEventResponse.init)
        return answer
    }

    package func change(
        _ id: String,
        _ action: IdentityAction,
        _ order: IdentityActionRequest
    ) async throws -> IdentityChangeResponse {
        let isDryRun = order.dryRun ?? false
        let outcome = try await service.carryOut(
            IdentityDeed(action, order),
            on: Self.id(id),
            reason: Fields.reason(order.reason),
            isDryRun: isDryRun,
            caller: caller
        )
        return IdentityChangeResponse(outcome, isDryRun: isDryRun)
    }

    private static func id(_ text: String) throws(ControlPlaneError) -> IdentityID {
        guard let id = IdentityID(text) else { throw .notFound("machine identity") }
        return id
    }

    private static func cursor<ID: EntityID>(_ text: String?) throws(HTTPProblem) -> ID? {
        guard let text else { return nil }
        guard let id = ID(text) else { throw .invalid("cursor", "Must be the next_cursor of an earlier page.") }
        return id
    }
}

extension IdentityDraft {
    /// Reads a body; a field of the other kind is refused by its name.
    fileprivate init(_ request: CreateIdentityRequest) throws(HTTPProblem) {
        switch request.kind {
        case "service":
            try Self.refuse([("/slug", request.slug), ("/environment", request.environment)], "an agent")
            guard let role = request.role else { throw .invalid("/role", "is missing") }
            guard let scopes = request.scopes else { throw .invalid("/scopes", "is missing") }
            self = .service(
                try ServiceAccountDraft(
                    CreateServiceAccountRequest(
                        name: request.name,
                        description: request.description,
                        role: role,
                        customRoleID: request.customRoleID
                    )
                ),
                try APITokenDraft(
                    CreateTokenRequest(
                        name: request.name,
                        scopes: scopes,
                        addresses: request.addresses,
                        expiresInDays: request.expiresInDays,
                        expiresAt: request.expiresAt,
                        neverExpires: request.neverExpires
                    )
                )
            )
        case "agent":
            let others: [(String, Any?)] = [
                ("/role", request.role), ("/custom_role_id", request.customRoleID), ("/scopes", request.scopes),
                ("/addresses", request.addresses), ("/expires_in_days", request.expiresInDays),
                ("/expires_at", request.expiresAt), ("/never_expires", request.neverExpires),
            ]
            try Self.refuse(others, "a service account")
            self = .agent(
                AgentDraft(
                    AgentDefinitionRequest(
                        name: request.name,
                        slug: request.slug,
                        description: request.description,
                        environment: request.environment
                    )
                )
            )
        default: throw .invalid("/kind", "Must be service or agent.")
        }
    }

    private static func refuse(_ fields: [(String, Any?)], _ owner: String) throws(HTTPProblem) {
        for (path, value) in fields where value != nil { throw .invalid(path, "Belongs to \(owner).") }
    }
}

extension IdentityDeed {
    fileprivate init(_ action: IdentityAction, _ order: IdentityActionRequest) throws(HTTPProblem) {
        switch action {
        case .rotate:
            let token = try order.token.map { text throws(HTTPProblem) in
                guard let token = CredentialID(text) else {
                    throw HTTPProblem.invalid("/token", "Must be the id of a token (crd_…).")
                }
                return token
            }
            self = .rotate(token: token, grace: try TokenRotation.grace(order.gracePeriodSeconds))
            return
        case .pause: self = .pause
        case .resume: self = .resume
        case .revoke: self = .revoke
        }
        guard order.token == nil else { throw .invalid("/token", "Belongs to a rotation only.") }
        guard order.gracePeriodSeconds == nil else {
            throw .invalid("/grace_period_seconds", "Belongs to a rotation only.")
        }
    }
}

extension IdentityResponse {
    /// The identity without tokens and events.
    fileprivate init(_ view: IdentityView) {
        switch view.subject {
        case .service(let account):
            let answer = ServiceAccountResponse(account)
            self.init(id: answer.id, kind: "service", name: answer.name, serviceAccount: answer)
        case .agent(let agent):
            let answer = AgentResponse(agent)
            self.init(id: answer.id, kind: "agent", name: answer.name, agent: answer)
        }
    }
}

extension IdentityChangeResponse {
    fileprivate init(_ outcome: IdentityOutcome, isDryRun: Bool) {
        self.init(
            dryRun: isDryRun,
            plan: outcome.plan,
            identity: outcome.identity.map { IdentityResponse($0) },
            secret: outcome.secret?.revealed(),
            secretExpiresAt: outcome.secretExpiresAt?.rfc3339
        )
    }
}
