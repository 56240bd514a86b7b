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
        context.lookups.noteMade(stamp.hash.hash)
        self.caller = caller
        now = context.now()
    }

    /// Writes the session and answers what its owner gets.
    func write(for user: UserAccount, in tx: borrowing Transaction) throws -> SignedIn {
        let settings = try SettingsService.values(in: tx)
        // Each organization bounds what is done in it; what is told is what holds where the person begins.
        let place = try UserPlace(of: user, in: tx).organizationID
        let own = try SettingsService.values(of: place, over: settings, in: tx)
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
        let end = session.end(under: own)
        let idleEnd = min(now + own.sessionIdleLife, end)
        return SignedIn(token: token, session: session, user: user, expiresAt: end, idleExpiresAt: idleEnd)
    }
}
