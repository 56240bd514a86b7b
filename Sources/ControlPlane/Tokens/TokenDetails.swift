package import Domain
internal import SQLDatabase
internal import Store

/// Everything that is shown of one token (TOK-4).
package struct TokenDetails: Sendable {
    /// How many addresses, texts and events are shown at most.
    package static let maximumAddresses = 100
    package static let maximumRetired = 50
    package static let maximumEvents = 20

    /// An address from which the token was used.
    package struct Address: Sendable, Hashable {
        package let address: String
        package let firstSeenAt: Instant
        package let lastSeenAt: Instant
        package let uses: Int64
    }

    /// A text of it that counts no more.
    package struct Retired: Sendable, Hashable {
        package let generation: Int64
        package let prefix: String
        package let retiredAt: Instant
        package let uses: Int64
        package let lastUsedAt: Instant?
    }

    /// A person who was shown the current text.
    package struct Viewer: Sendable, Hashable {
        package let user: UserID
        package let email: String
        package let shownAt: Instant
        package let hasLeft: Bool
    }

    package let view: TokenView
    /// For each scope what it gives now and what withheld the rest.
    package let lines: [TokenAccess.ScopeLine]
    /// Those seen last; empty for whoever may not see them.
    package let addresses: [Address]
    package let retired: [Retired]
    package let viewers: [Viewer]
    /// What was done with it, newest first; empty for whoever may not see it.
    package let events: [AuditEvent]
    /// The limits that hold for it and how they stand on this node; none for one that is revoked.
    package fileprivate(set) var limits: [LimitStanding] = []
}

extension TokenService {
    /// Everything about one token, as far as the caller may see it.
    package func details(_ id: CredentialID, caller: Caller) async throws(ControlPlaneError) -> TokenDetails {
        try await context.authorize(caller, .tokensRead, as: "token.read", target: .token(id))
        let (routes, now) = (routeActions, context.now())
        let found = try await context.read { tx in
            let token = try TokenAuthority.token(id, for: caller, in: tx)
            let view = try TokenView(token, for: caller, routes: routes, now: now, in: tx)
            let details = try TokenDetails(view, lines: view.access.lines(routes: routes), for: caller, in: tx)
            return Inspected(details: details, counted: try IndexedToken(token, text: .current, now: now, in: tx))
        }
        var details = found.details
        if details.view.token.state != .revoked { details.limits = limits?.standings(of: found.counted) ?? [] }
        return details
    }
}

/// What one look at the store found; a reference, so that a transaction answers something small.
private final class Inspected: Sendable {
    let details: TokenDetails
    let counted: IndexedToken

    init(details: TokenDetails, counted: IndexedToken) {
        self.details = details
        self.counted = counted
    }
}

extension TokenDetails {
    fileprivate init(
        _ view: TokenView,
        lines: [TokenAccess.ScopeLine],
        for caller: Caller,
        in tx: borrowing Transaction
    ) throws {
        let token = view.token
        self.view = view
        self.lines = lines
        retired = try TokenHistoryStore.retired(of: token.id, limit: Self.maximumRetired, in: tx).map(Retired.init)
        viewers = try TokenHistoryStore.viewers(of: token.id, in: tx).map(Viewer.init)
        guard caller.maySeeAddresses(of: token) else {
            (addresses, events) = ([], [])
            return
        }
        addresses = try TokenHistoryStore.addresses(of: token.id, limit: Self.maximumAddresses, in: tx)
            .map(Address.init)
        var filter = AuditFilter()
        filter.target = .token(token.id)
        events = try AuditStore.list(
            organization: token.organizationID,
            filter: filter,
            limit: Self.maximumEvents,
            in: tx
        ).elements
    }
}

extension TokenDetails.Address {
    fileprivate init(_ found: TokenHistoryStore.Address) {
        address = found.address
        firstSeenAt = found.firstSeenAt
        lastSeenAt = found.lastSeenAt
        uses = found.uses
    }
}

extension TokenDetails.Retired {
    fileprivate init(_ found: TokenHistoryStore.Retired) {
        generation = found.generation
        prefix = found.prefix
        retiredAt = found.retiredAt
        uses = found.uses
        lastUsedAt = found.lastUsedAt
    }
}

extension TokenDetails.Viewer {
    fileprivate init(_ found: TokenHistoryStore.Viewer) {
        user = found.user
        email = found.email
        shownAt = found.shownAt
        hasLeft = found.hasLeft
    }
}
