internal import Domain
internal import SQLDatabase
internal import Store

/// A one-time secret that was made up before the transaction that writes it, and the ways to use one.
struct OneTimeIssue: Sendable {
    let kind: OneTimeSecret.Kind
    let id: CredentialID
    let token: Token
    let stamp: TokenStamp
    let now: Instant
    let expiresAt: Instant

    init(kind: OneTimeSecret.Kind, life: Duration, context: ControlPlaneContext) {
        self.kind = kind
        id = context.ids.next()
        token = Token.make(Self.tokenKind(of: kind), random: context.random)
        stamp = TokenStamp(hash: context.hasher.hash(token), prefix: token.prefix)
        now = context.now()
        expiresAt = now + life
    }

    /// Writes the secret; the unused ones before it, of the same person, are worthless from now on.
    func write(
        for user: UserAccount?,
        organization: OrganizationID?,
        in tx: borrowing Transaction
    ) throws -> IssuedSecret {
        try OneTimeSecretStore.withdrawAll(kind, user: user?.id, now: now, in: tx)
        let secret = OneTimeSecret(
            id: id,
            kind: kind,
            stamp: stamp,
            userID: user?.id,
            organizationID: organization,
            createdAt: now,
            expiresAt: expiresAt
        )
        try OneTimeSecretStore.insert(secret, in: tx)
        return IssuedSecret(token: token, expiresAt: expiresAt, email: user?.email)
    }

    /// The token of a secret; another kind of token, or none at all, is refused here.
    static func token(_ text: String, kind: OneTimeSecret.Kind) throws(ControlPlaneError) -> Token {
        guard let token = try? Token(parsing: text) else { throw unknown }
        guard token.kind == tokenKind(of: kind) else {
            throw ControlPlaneError(.wrongCredentialKind, "A token of kind \(token.kind.name) can't be used here.")
        }
        return token
    }

    /// The secret that a text is, before any work is done for it; an unknown or expired one is refused.
    static func find(
        _ hashes: [StoredHash],
        now: Instant,
        in tx: borrowing Transaction
    ) throws -> OneTimeSecret {
        for candidate in hashes {
            guard let found = try OneTimeSecretStore.find(candidate.hash, in: tx) else { continue }
            guard now < found.expiresAt else { throw expired }
            return found
        }
        throw unknown
    }

    /// Uses a secret up, or refuses.
    static func consume(
        _ hashes: [StoredHash],
        kind: OneTimeSecret.Kind,
        now: Instant,
        in tx: borrowing Transaction
    ) throws -> OneTimeSecret {
        for candidate in hashes {
            if let secret = try OneTimeSecretStore.consume(candidate.hash, kind: kind, now: now, in: tx) {
                return secret
            }
        }
        throw unknown
    }

    static let unknown = ControlPlaneError(.invalidToken, "The secret is not valid, or was used already.")
    static let expired = ControlPlaneError(.expiredToken, "The secret has expired.")

    private static func tokenKind(of kind: OneTimeSecret.Kind) -> TokenKind {
        switch kind {
        case .setup: .setup
        case .invitation: .invitation
        case .recovery: .recovery
        }
    }
}
