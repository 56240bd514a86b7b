internal import Domain
internal import SQLDatabase
internal import Store

/// A session that was made up before the transaction that writes it, for a transaction's body may run again.
struct SessionIssue: Sendable {
    let id: CredentialID
    let token: Token
    let stamp: TokenStamp
    let caller: Caller
    let now: Instant

    init(context: ControlPlaneContext, caller: Caller) {
        id = context.ids.next()
        token = Token.make(.session, random: context.random)
        stamp = TokenStamp(hash: context.hasher.hash(token), prefix: token.prefix)
        self.caller = caller
        now = context.now()
    }

    /// Writes the session and answers what its owner gets.
    func write(for user: UserAccount, in tx: borrowing Transaction) throws -> SignedIn {
        let settings = try SettingsService.values(in: tx)
        let session = Session(
            id: id,
            userID: user.id,
            stamp: stamp,
            surface: caller.surface,
            address: caller.address,
            userAgent: caller.userAgent.map { FreeText.cleaned($0, limit: 500) },
            createdAt: now,
            expiresAt: now + settings.sessionAbsoluteLife,
            lastUsedAt: now
        )
        try SessionStore.insert(session, in: tx)
        let idleEnd = min(now + settings.sessionIdleLife, session.expiresAt)
        return SignedIn(token: token, session: session, user: user, idleExpiresAt: idleEnd)
    }
}
