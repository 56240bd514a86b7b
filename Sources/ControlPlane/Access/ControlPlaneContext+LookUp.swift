package import Domain

extension ControlPlaneContext {
    /// Looks a token up within TOK-2's bounds; a refusal as `InvalidToken` counts as a token nobody knows.
    package func lookUp<T: Sendable>(
        _ token: Token,
        address: String?,
        _ body: () async throws(ControlPlaneError) -> T
    ) async throws(ControlPlaneError) -> T {
        let hash = hasher.hash(token).hash
        try lookups.check(hash, address: address, at: now())
        do {
            let found = try await body()
            lookups.note(isKnown: true, hash, address: address, at: now())
            return found
        } catch {
            switch error.code {
            case .unavailable, .overloaded: break
            default: lookups.note(isKnown: error.code != .invalidToken, hash, address: address, at: now())
            }
            throw error
        }
    }
}
