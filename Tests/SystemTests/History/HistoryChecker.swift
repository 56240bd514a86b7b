/// Finds wrong answers in a history (REV-3).
///
/// A server may refuse to check at any time. What it must never do:
/// - accept a credential in an attempt that begins more than the bound after it is known to be revoked: after a
///   revocation was answered with success, or after an attempt was refused because of it;
/// - refuse a credential as revoked before anybody began to revoke it;
/// - refuse it for any other reason, for these credentials have nothing else wrong with them.
struct HistoryChecker: Sendable {
    let bound: Duration

    init(bound: Duration = .seconds(1)) {
        self.bound = bound
    }

    enum Fault: Sendable, Hashable {
        case acceptedAfterRevocation(History.Use, knownSince: Duration)
        case revokedBeforeRevocation(History.Use)
        case refusedWithoutReason(History.Use)
    }

    func faults(in history: History) -> [Fault] {
        let revocations = Dictionary(grouping: history.revocations, by: \.credential)
        let uses = Dictionary(grouping: history.uses, by: \.credential)
        return uses.keys.sorted().flatMap { faults(uses[$0] ?? [], revocations[$0] ?? []) }
    }

    /// Of one credential.
    private func faults(_ uses: [History.Use], _ revocations: [History.Revocation]) -> [Fault] {
        let refusals = uses.filter { $0.answer == .revoked }.map(\.ended)
        let known = (revocations.compactMap(\.ended) + refusals).min()
        let possible = revocations.map(\.begun).min()
        return uses.compactMap { use in
            switch use.answer {
            case .unchecked: nil
            case .accepted:
                known.flatMap { use.begun > $0 + bound ? .acceptedAfterRevocation(use, knownSince: $0) : nil }
            case .revoked:
                possible.map { use.ended >= $0 } ?? false ? nil : .revokedBeforeRevocation(use)
            case .refused: .refusedWithoutReason(use)
            }
        }
    }
}
