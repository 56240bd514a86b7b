internal import Domain
internal import SQLDatabase
internal import Store

/// Finds whom a presented token belongs to, wherever its hash lies.
enum TokenFinder {
    struct Found: Sendable {
        let credential: Credential
        let fit: TokenFit
    }

    static func find(_ candidates: [StoredHash], in tx: borrowing Transaction) throws -> Found? {
        for candidate in candidates {
            if let found = try CredentialStore.find(candidate.hash, in: tx) {
                return Found(credential: found.credential, fit: fit(found.slot))
            }
            if let retired = try RetiredTokenStore.findRetired(candidate.hash, in: tx) {
                return try found(retired.credentialID, .retired(retired), in: tx)
            }
            if let withdrawn = try RetiredTokenStore.findWithdrawn(candidate.hash, in: tx) {
                return try found(withdrawn.credentialID, .withdrawn, in: tx)
            }
        }
        return nil
    }

    /// Which of a credential's own tokens this is.
    static func fit(_ candidates: [StoredHash], of credential: Credential) -> TokenFit? {
        if let current = credential.current, candidates.contains(current.stamp.hash) { return .current }
        if let pending = credential.pending, candidates.contains(pending.stamp.hash) { return .pending }
        if let previous = credential.previous, candidates.contains(previous.stamp.hash) { return .previous }
        return nil
    }

    private static func found(
        _ id: CredentialID,
        _ fit: TokenFit,
        in tx: borrowing Transaction
    ) throws -> Found? {
        guard let credential = try CredentialStore.get(id, in: tx) else { return nil }
        return Found(credential: credential, fit: fit)
    }

    private static func fit(_ slot: CredentialStore.Slot) -> TokenFit {
        switch slot {
        case .current: .current
        case .pending: .pending
        case .previous: .previous
        }
    }
}
