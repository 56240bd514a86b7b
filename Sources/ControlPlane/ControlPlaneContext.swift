package import Domain
package import Logging
package import SQLDatabase
package import Store

/// What every use case holds: the database, time, randomness, ids and the hasher of tokens.
///
/// Built once at start.
package struct ControlPlaneContext: Sendable {
    package let database: any Database
    /// Database time: the wall clock plus the measured offset.
    ///
    /// Deadlines are written and compared with it.
    package let now: @Sendable () -> Instant
    package let ids: IDSource
    package private(set) var random: RandomSource
    package let hashers: TokenHasherSource
    /// Bounds the look-ups of unknown tokens, wherever they are shown.
    package let lookups = TokenLookupGuard()
    /// What this node knows of personal and service tokens without asking the store.
    package let credentials: CredentialIndex
    /// The conflicts of rights that this node logged today.
    let conflicts = ConflictNotes()
    package let logger: Logger
    /// Where agents and people reach the server, without a slash at the end; configuration, never a request's `Host`.
    package let publicURL: String
    /// This run of the server.
    package let node: NodeIdentity
    /// Whether every change is carried out and rolled back.
    private var isRehearsal = false

    package init(
        database: any Database,
        now: @escaping @Sendable () -> Instant,
        ids: IDSource,
        random: RandomSource,
        hashers: TokenHasherSource,
        logger: Logger,
        publicURL: String,
        node: NodeIdentity = NodeIdentity(id: "node", name: "node"),
        credentials: CredentialIndex = CredentialIndex()
    ) {
        self.database = database
        self.now = now
        self.ids = ids
        self.random = random
        self.hashers = hashers
        self.logger = logger
        self.publicURL = publicURL
        self.node = node
        self.credentials = credentials
    }

    /// The hasher that counts now.
    package var hasher: TokenHasher { hashers.current }

    /// The same, for a dry run: use cases make every check that the database knows, nothing of it stays, and what would
    /// be a secret is zeros.
    ///
    /// Denials are written all the same (AUD-1). What a use case does after its commit, such as closing a channel, is not
    /// held back: it is to be given nothing that it could do it to.
    var rehearsal: ControlPlaneContext {
        var context = self
        context.isRehearsal = true
        context.random = RandomSource { count in [UInt8](repeating: 0, count: max(0, count)) }
        return context
    }

    /// Reads in one transaction; what the database says comes out as `Unavailable` or `Overloaded`.
    package func read<T: Sendable>(
        _ body: @escaping @Sendable (borrowing Transaction) throws -> T
    ) async throws(ControlPlaneError) -> T {
        do {
            return try await database.read(body)
        } catch {
            throw ControlPlaneError(error)
        }
    }

    /// Changes in one transaction; a ``ControlPlaneError`` thrown in the body rolls back and comes out unchanged.
    ///
    /// The transaction of a request begins by asking whether its caller may still do what they were let do, and one that was
    /// asked for with an idempotency key notes in it that it was carried out.
    package func write<T: Sendable>(
        _ body: @escaping @Sendable (borrowing Transaction) throws -> T
    ) async throws(ControlPlaneError) -> T {
        guard !isRehearsal else { return try await rehearse(body) }
        return try await retryingConflicts { try await honouring(database.write(noting(body))) }
    }

    /// The same for what has to work on a full disk too: revoke, pause, the kill switch (AUD-1).
    package func writeUrgently<T: Sendable>(
        _ body: @escaping @Sendable (borrowing Transaction) throws -> T
    ) async throws(ControlPlaneError) -> T {
        guard !isRehearsal else { return try await rehearse(body) }
        return try await retryingConflicts { try await honouring(database.writeUrgently(noting(body))) }
    }

    /// Carries the transaction out, and rolls it back when it succeeded.
    private func rehearse<T: Sendable>(
        _ body: @escaping @Sendable (borrowing Transaction) throws -> T
    ) async throws(ControlPlaneError) -> T {
        let (authority, now) = (RequestAuthority.current, now())
        return try await retryingConflicts {
            do {
                return try await database.write { tx -> T in
                    try authority?.check(now: now, in: tx)
                    throw Rehearsed(outcome: try body(tx))
                }
            } catch let done as Rehearsed<T> {
                return done.outcome
            }
        }
    }

    /// Somebody else was faster between this transaction's look and its change, which PostgreSQL allows: it looks again.
    private func retryingConflicts<T: Sendable>(
        _ transaction: () async throws -> T
    ) async throws(ControlPlaneError) -> T {
        var attempts = 5
        while true {
            attempts -= 1
            do {
                return try await transaction()
            } catch let error as DatabaseError where error.code == .uniqueViolation && attempts > 0 {
                continue
            } catch let error as ControlPlaneError where error.code == .versionConflict && attempts > 0 {
                continue
            } catch let error as ControlPlaneError {
                if let lapse = error.cause as? RequestAuthority.Lapse {
                    let reason = "lost meanwhile: \(error.code.rawValue)"
                    await recordDenial(of: lapse.name, to: lapse.caller, target: lapse.target, reason: reason)
                }
                throw error
            } catch {
                throw ControlPlaneError(error)
            }
        }
    }

    /// The body, with what it added to the change log.
    private func noting<T: Sendable>(
        _ body: @escaping @Sendable (borrowing Transaction) throws -> T
    ) -> @Sendable (borrowing Transaction) throws -> (T, [Change]) {
        let (claim, authority, now) = (IdempotencyClaim.current, RequestAuthority.current, now())
        return { tx in
            try authority?.check(now: now, in: tx)
            let mark = try ChangeLogStore.mark(in: tx)
            let result = try body(tx)
            try claim?.note(in: tx)
            return (result, try ChangeLogStore.own(since: mark, in: tx))
        }
    }

    /// Forgets what a transaction of this node changed before anybody is told that it did.
    private func honouring<T>(_ outcome: (T, [Change])) -> T {
        credentials.honour(outcome.1)
        RequestAuthority.current?.honour(outcome.1)
        return outcome.0
    }
}

/// Ends a transaction that was not to be, with what would have come of it.
private struct Rehearsed<Outcome: Sendable>: Error {
    let outcome: Outcome
}
