import ClavigerWire
package import ControlPlane
import Domain
import HTTPTypes
import StrictJSON

/// Counts the requests of tokens at Claviger's own routes: against their limits before, into their usage after.
package struct TokenMeter: Sendable {
    private let service: VerificationService

    package init(service: VerificationService) {
        self.service = service
    }

    /// Counts a request, if its route lets the token do what it does there: the refusal that follows otherwise costs
    /// nothing.
    ///
    /// Answers whether it was counted. The fields that tell how the limits stand are noted in the visit; a problem with
    /// 429 is thrown if one is reached.
    func take(_ shown: Authenticated, _ open: OpenContext, _ visit: inout Visit) async throws(HTTPProblem) -> Bool {
        guard let token = shown.token else { return true }
        if !Self.foresees(shown.caller, open) {
            let standing = service.standing(of: token)
            visit.told = Self.fields(standing, isRefused: false)
            // Where nothing is left a request that may be let on all the same is counted, and so refused, at once.
            let other = open.action.flatMap { Self.others[$0] }
            guard let other, shown.caller.decide(other) == .allowed,
                standing?.standings.contains(where: { $0.left < 1 }) == true
            else { return false }
        }
        try await take(token, shown.caller, &visit)
        return true
    }

    /// What a route may ask for instead of its action, by what it is asked to act on.
    private static let others: [ScopeAction: ScopeAction] = [
        .tokensRead: .serviceAccountsRead,
        .tokensUpdate: .serviceAccountsUpdate,
        .tokensRotate: .serviceAccountsRotate,
        .tokensPause: .serviceAccountsPause,
        .tokensResume: .serviceAccountsResume,
        .tokensRevoke: .serviceAccountsRevoke,
        .settingsRead: .serverSettings,
        .settingsUpdate: .serverSettings,
    ]

    /// Whether the route is going to let the caller on, as far as can be told from its action; a token may always rotate
    /// and revoke itself.
    private static func foresees(_ caller: Caller, _ open: OpenContext) -> Bool {
        guard let action = open.action else { return true }
        let agent = open.template.contains("/agents/{id}") ? open.parameters["id"].flatMap { AgentID($0) } : nil
        if caller.decide(action, agent: agent) == .allowed { return true }
        let isOwn = open.parameters["id"] == caller.credentialID?.text
        return isOwn && (action == .tokensRotate || action == .tokensRevoke)
    }

    /// Counts a request that was let on although that could not be foreseen.
    func takeAfterwards(_ shown: Authenticated, _ visit: inout Visit) async {
        guard let token = shown.token else { return }
        visit.told = Self.fields(await service.meter(token, caller: shown.caller), isRefused: false)
    }

    private static func fields(_ outcome: LimitSubject.Outcome?, isRefused: Bool) -> HTTPFields {
        var fields = HTTPFields()
        for (name, value) in outcome?.headers?.fields ?? [] {
            if let name = HTTPField.Name(name) { fields[name] = value }
        }
        if let threshold = outcome?.threshold { fields[.quotaWarning] = String(threshold.rawValue) }
        if !isRefused { fields[.retryAfter] = nil }
        return fields
    }

    private func take(_ token: IndexedToken, _ caller: Caller, _ visit: inout Visit) async throws(HTTPProblem) {
        guard let outcome = await service.meter(token, caller: caller) else { return }
        let fields = Self.fields(outcome, isRefused: !outcome.decision.isAllowed)
        visit.told = fields
        guard case .refused(let refusal) = outcome.decision else { return }
        var problem = HTTPProblem(
            .tooManyRequests,
            ErrorCode(rawValue: refusal.code.rawValue),
            "The token's limit of \(refusal.limit) (\(refusal.kind.rawValue)) is reached.",
            details: [
                "limit": .string(refusal.kind.rawValue), "retry_after_seconds": .integer(refusal.retryAfterSeconds),
                "resets_at": (outcome.headers?.resetsAt.rfc3339).map { .string($0) } ?? .null,
            ]
        )
        problem.headers = fields
        throw problem
    }

    /// Remembers what came of a request.
    func note(_ visit: Visit, _ method: HTTPRequest.Method, took elapsed: Duration) {
        guard let caller = visit.caller else { return }
        service.note(
            caller,
            endpoint: "\(method.rawValue):\(visit.template)",
            outcome: visit.code ?? "ok",
            address: visit.address,
            took: elapsed
        )
    }
}
