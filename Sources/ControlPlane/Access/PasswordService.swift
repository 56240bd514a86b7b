internal import Domain

/// Hashes and checks passwords, on the pool's threads and nowhere else.
package struct PasswordService: Sendable {
    private let context: ControlPlaneContext
    private let pool: ScryptPool
    private let parameters: PasswordHash.Parameters

    package init(
        context: ControlPlaneContext,
        pool: ScryptPool = ScryptPool(),
        parameters: PasswordHash.Parameters = .standard
    ) {
        self.context = context
        self.pool = pool
        self.parameters = parameters
    }

    package func hash(
        _ password: String,
        from origin: ScryptPool.Origin
    ) async throws(ControlPlaneError) -> PasswordHash {
        let salt = context.random.bytes(16)
        let parameters = parameters
        return try await pool.run(from: origin) {
            try PasswordHash.derive(password, salt: salt, parameters: parameters)
        }
    }

    /// Whether the password is right; without a hash, for an unknown account, the same work is done for nothing.
    package func check(
        _ password: String,
        stored: String?,
        from origin: ScryptPool.Origin
    ) async throws(ControlPlaneError) -> Bool {
        guard let hash = stored.flatMap({ PasswordHash(stored: $0) }) else {
            _ = try await self.hash(password, from: origin)
            return false
        }
        return try await pool.run(from: origin) { try hash.matches(password) }
    }
}
