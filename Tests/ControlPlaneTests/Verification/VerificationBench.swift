import ControlPlane
import Domain
import SQLDatabase
import Store
import Testing

/// A bench of tokens with what verification needs, on an index that is trusted.
struct VerificationBench {
    let tokens: TokenBench
    let service: VerificationService

    static func run(_ body: (VerificationBench) async throws -> Void) async throws {
        try await TokenBench.run { tokens in
            tokens.trust()
            try await body(VerificationBench(tokens))
        }
    }

    init(_ tokens: TokenBench, isShared: Bool = false, steady: (@Sendable () -> Instant)? = nil) {
        self.tokens = tokens
        let context = tokens.bench.context
        service = VerificationService(
            context: context,
            authentication: tokens.bench.authentication,
            denials: tokens.bench.denials,
            limits: LimitService(context: context, isShared: isShared, steady: steady),
            usage: UsageRecorder(context: context),
            routes: RouteActions()
        )
    }

    var database: any Database { tokens.bench.database }

    func api(
        audience: String? = nil,
        scopes: [Scope] = [],
        kinds: Set<TokenKind> = [.personal, .service],
        organization: OrganizationID? = nil
    ) async throws -> ProtectedAPI {
        let now = tokens.bench.clock.now()
        let api = ProtectedAPI(
            id: tokens.bench.context.ids.next(),
            organizationID: try organization ?? tokens.organization,
            name: "api-\(UInt32.random(in: 0 ... .max))",
            audience: audience,
            requiredScopes: scopes,
            acceptedKinds: kinds
        )
        try await database.write { _ = try ProtectedAPIStore.insert(api, now: now, in: $0) }
        return api
    }

    /// Another organization, with nobody in it.
    func stranger() async throws -> OrganizationID {
        let now = tokens.bench.clock.now()
        let other = Organization(id: tokens.bench.context.ids.next(), name: "Other", createdAt: now)
        try await database.write { try OrganizationStore.insert(other, in: $0) }
        return other.id
    }

    func ask(
        _ text: String,
        at api: ProtectedAPI? = nil,
        wants: [Scope] = [],
        cost: LimitCost = .one,
        from address: String? = nil,
        organization: OrganizationID? = nil
    ) async throws -> VerificationAnswer {
        var question = VerificationQuestion(
            text: text,
            organizationID: try organization ?? api?.organizationID ?? tokens.organization,
            api: api,
            wants: wants,
            cost: cost,
            address: address.flatMap { IPAddress($0) },
            endpoint: api?.id.text ?? "test"
        )
        question.wantsStandings = true
        return try await service.verify(question)
    }

    /// Gives the owner's organization a plan with these limits.
    func setPlan(_ limits: String) async throws {
        let (organization, now) = (try tokens.organization, tokens.bench.clock.now())
        let plan: PlanID = tokens.bench.context.ids.next()
        try await tokens.bench.context.write { tx in
            try tx.execute(
                """
                INSERT INTO plan (id, name, limits, is_built_in, created_at, updated_at, version)
                VALUES (?, ?, ?, 0, ?, ?, 1)
                """,
                [.text(plan.text), .text(plan.text), .text(limits), .int(now.microseconds), .int(now.microseconds)]
            )
            try tx.execute(
                "UPDATE organization SET plan_id = ? WHERE id = ?",
                [.text(plan.text), .text(organization.text)]
            )
        }
    }

    /// Gives a token limits of its own, as somebody may who widens limits.
    func setOverride(_ limits: String, of token: CredentialID) async throws {
        _ = try await tokens.bench.context.write { tx in
            let all = "[\(LimitKind.allCases.map { "\"\($0.field)\"" }.joined(separator: ","))]"
            return try tx.execute(
                "UPDATE api_token SET limit_override = ?, limit_widened = ? WHERE id = ?",
                [.text(limits), .text(all), .text(token.text)]
            )
        }
    }
}

extension VerificationAnswer {
    var isValid: Bool {
        if case .valid = self { true } else { false }
    }

    var refused: Refused? {
        guard case .refused(let refused) = self else { return nil }
        return refused
    }
}
