package import Domain
package import Logging
package import SQLDatabase

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
    package let random: RandomSource
    package let hashers: TokenHasherSource
    /// Bounds the look-ups of unknown tokens, wherever they are shown.
    package let lookups = TokenLookupGuard()
    package let logger: Logger
    /// Where agents and people reach the server, without a slash at the end; configuration, never a request's `Host`.
    package let publicURL: String

    package init(
        database: any Database,
        now: @escaping @Sendable () -> Instant,
        ids: IDSource,
        random: RandomSource,
        hashers: TokenHasherSource,
        logger: Logger,
        publicURL: String
    ) {
        self.database = database
        self.now = now
        self.ids = ids
        self.random = random
        self.hashers = hashers
        self.logger = logger
        self.publicURL = publicURL
    }

    /// The hasher that counts now.
    package var hasher: TokenHasher { hashers.current }

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
    /// An operation that was asked for with an idempotency key notes in it that it was carried out.
    package func write<T: Sendable>(
        _ body: @escaping @Sendable (borrowing Transaction) throws -> T
    ) async throws(ControlPlaneError) -> T {
        do {
            return try await database.write(Self.noting(body))
        } catch {
            throw ControlPlaneError(error)
        }
    }

    /// The same for what has to work on a full disk too: revoke, pause, the kill switch (AUD-1).
    package func writeUrgently<T: Sendable>(
        _ body: @escaping @Sendable (borrowing Transaction) throws -> T
    ) async throws(ControlPlaneError) -> T {
        do {
            return try await database.writeUrgently(Self.noting(body))
        } catch {
            throw ControlPlaneError(error)
        }
    }

    private static func noting<T: Sendable>(
        _ body: @escaping @Sendable (borrowing Transaction) throws -> T
    ) -> @Sendable (borrowing Transaction) throws -> T {
        guard let claim = IdempotencyClaim.current else { return body }
        return { tx in
            let result = try body(tx)
            try claim.note(in: tx)
            return result
        }
    }
}
