internal import Domain
internal import SQLDatabase
internal import Store

/// Finds what a personal or service token's text stands for: in the index, or else in the store.
///
/// Authentication at Claviger's own API and verification for others both go through it, so that they can't differ.
struct TokenLookup: Sendable {
    private let context: ControlPlaneContext

    init(context: ControlPlaneContext) {
        self.context = context
    }

    /// What the token is; `nil` if nobody knows it.
    ///
    /// A token that the index knows costs nothing else. Others are looked up within TOK-2's bounds.
    func find(_ token: Token, address: String?) async throws(ControlPlaneError) -> IndexedToken? {
        let hash = context.hasher.hash(token).hash
        switch context.credentials.find(hash) {
        case .known(let found): return found
        case .unknown: return nil
        case .absent: return try await look(token, hash, address: address)
        }
    }

    private func look(
        _ token: Token,
        _ hash: TokenHash,
        address: String?
    ) async throws(ControlPlaneError) -> IndexedToken? {
        try context.lookups.check(hash, address: address, at: context.now())
        let candidates = context.hasher.candidates(token)
        let found = try await context.credentials.load(hash) { [context] () throws(ControlPlaneError) in
            let now = context.now()
            return try await context.read { tx in try Self.load(candidates, now: now, in: tx) }
        }
        context.lookups.note(isKnown: found != nil, hash, address: address, at: context.now())
        return found
    }

    private static func load(
        _ hashes: [StoredHash],
        now: Instant,
        in tx: borrowing Transaction
    ) throws -> IndexedToken? {
        for candidate in hashes {
            if let (token, text) = try APITokenStore.find(candidate.hash, in: tx) {
                return try IndexedToken(token, text: text, now: now, in: tx)
            }
            if let (id, _) = try RetiredAPITokenStore.find(candidate.hash, in: tx),
                let token = try APITokenStore.get(id, in: tx)
            {
                return try IndexedToken(token, text: .retired, now: now, in: tx)
            }
        }
        return nil
    }
}

extension IndexedToken {
    /// The token with everything that decides about it, as one state of the database has it.
    convenience init(
        _ token: APIToken,
        text: TokenUse.Text,
        now: Instant,
        in tx: borrowing Transaction
    ) throws {
        let surroundings = try TokenSurroundings(of: token, in: tx)
        let limits = try TokenLimitStore.limits(of: token.id, in: tx)
        let isLimited = limits.effective != .none
        let cells = isLimited ? try LimitCellStore.all(of: token.id, endingAfter: now, in: tx) : []
        self.init(
            token,
            text: text,
            record: surroundings.record(of: token),
            ownerName: try token.owner.name(in: tx),
            limits: limits.effective,
            seeds: cells.map { LimitSeed(kind: $0.kind, start: $0.start, used: $0.used) },
            sources: IndexSources(token: token, owner: surroundings.owner, plan: limits.plan),
            lastUsedAt: try TokenUseStore.last(of: token.id, in: tx)?.time
        )
    }
}
