package import Domain
internal import Store

/// Which tokens a list shows, newest first; what is nil does not filter.
package struct TokenQuery: Hashable, Sendable {
    package var owner: APIToken.Owner?
    package var kind: APIToken.Kind?
    package var state: APIToken.State?
    package var tag: String?
    /// Part of the name, the description or of what it serves, whatever the case.
    package var text: String?
    package var expiresBefore: Instant?
    /// Only these.
    package var ids: [CredentialID]?
    /// Only those that aren't as the organization's policy wants them (ORG-9).
    package var isOutOfPolicy = false
    /// Only service tokens whose current text was shown to a person who left (TOK-10).
    package var isSeenByDeparted = false
    /// 1 to 200.
    package var limit = 50
    /// The last token of the page before.
    package var after: CredentialID?

    package init() {}
}

extension TokenService {
    /// How many tokens are looked at for one page of those that are out of policy.
    private static let scanned = 1000

    /// One page of the tokens that the caller may see, newest first.
    ///
    /// Of those that are out of policy a page may be short, and the list goes on behind its cursor all the same.
    package func tokens(_ query: TokenQuery, caller: Caller) async throws(ControlPlaneError) -> Page<TokenView> {
        var asked = APITokenQuery(limit: query.limit)
        asked.owner = query.owner
        asked.kind = query.kind
        asked.states = query.state.map { [$0] }
        asked.tag = query.tag
        asked.text = query.text
        asked.expiresBefore = query.expiresBefore
        asked.ids = query.ids
        asked.isSeenByDeparted = query.isSeenByDeparted
        asked.after = query.after
        guard query.isOutOfPolicy else { return try await list(asked, caller: caller) }
        return try await outOfPolicy(asked, caller: caller)
    }

    private func outOfPolicy(_ query: APITokenQuery, caller: Caller) async throws(ControlPlaneError) -> Page<TokenView>
    {
        var (found, looked): ([TokenView], Int) = ([], 0)
        var query = query
        while true {
            let page = try await list(query, caller: caller)
            for view in page.items {
                looked += 1
                query.after = view.token.id
                if !view.outOfPolicy.isEmpty { found.append(view) }
                if found.count == query.limit { break }
            }
            let isThrough = page.nextCursor == nil && query.after == page.items.last?.token.id
            if isThrough || page.items.isEmpty { return Page(items: found, nextCursor: nil) }
            guard found.count < query.limit, looked < Self.scanned else {
                return Page(items: found, nextCursor: query.after?.text)
            }
        }
    }
}
