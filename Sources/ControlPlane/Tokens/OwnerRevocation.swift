internal import Domain
internal import SQLDatabase
internal import Store

/// Revokes all tokens that somebody owns in an organization, each with an event of its own: their owner is gone.
struct OwnerRevocation: Sendable {
    let caller: Caller
    /// Why, for the audit trail.
    let reason: String
    let now: Instant
    let ids: IDSource

    func perform(
        of owner: APIToken.Owner,
        in organization: OrganizationID,
        _ tx: borrowing Transaction
    ) throws {
        var query = APITokenQuery(limit: 200)
        query.owner = owner
        query.states = [.live, .paused, .suspended]
        var page: PageOfTokens
        repeat {
            page = try PageOfTokens(of: organization, query, in: tx)
            for token in page.tokens { try revoke(token.id, in: tx) }
            query.after = page.tokens.last?.id
        } while page.hasMore
    }

    private func revoke(_ id: CredentialID, in tx: borrowing Transaction) throws {
        try APITokenStore.lock(id, in: tx)
        guard let before = try APITokenStore.get(id, in: tx) else { return }
        var machine = TokenStateMachine(before)
        guard machine.revoke(now: now) else { return }
        try machine.save(over: before, now: now, in: tx)
        let event = caller.auditEvent(
            id: ids.next(),
            at: now,
            action: "token.revoke",
            target: .token(id),
            reason: reason,
            before: before.state.auditJSON,
            after: machine.token.state.auditJSON
        )
        try AuditStore.append(event, in: tx)
    }
}

/// A part of the tokens that a query finds.
struct PageOfTokens {
    let tokens: [APIToken]
    let hasMore: Bool

    init(of organization: OrganizationID, _ query: APITokenQuery, in tx: borrowing Transaction) throws {
        let page = try APITokenStore.list(organization: organization, query: query, in: tx)
        tokens = page.elements
        hasMore = page.next != nil
    }
}
