internal import Domain
internal import SQLDatabase
internal import Store
internal import StrictJSON

/// Finds the conflicts that a change of access creates, so that they are logged with it (ORG-8).
///
/// It looks at the memberships and the tokens of those whom the change is about, at most ``maximumTokens`` of them: what
/// it doesn't reach is logged when it is used.
struct ConflictScan {
    static let maximumTokens = 2000
    /// How many are named in the event; the rest is counted.
    static let named = 50

    let organization: OrganizationID
    /// Whose tokens are looked at; absent for everybody's of the organization.
    let owners: [APIToken.Owner]?
    let routes: [ScopeRoute: ScopeAction]

    /// One conflict of one token, or of one person in one workspace.
    struct Found: Hashable, Sendable {
        let place: AuditTarget
        let conflict: AccessConflict
    }

    /// Every conflict there is now.
    func conflicts(in tx: borrowing Transaction) throws -> Set<Found> {
        var found: Set<Found> = []
        for owner in owners ?? [] { try addMemberships(of: owner, to: &found, in: tx) }
        for token in try tokens(in: tx) {
            let access = try TokenSurroundings(of: token, in: tx).record(of: token).access
            for conflict in access.conflicts(routes: routes) {
                found.insert(Found(place: .token(token.id), conflict: conflict))
            }
        }
        return found
    }

    /// Writes one event with the conflicts that weren't there before the change, if there are any.
    func audit(
        since before: Set<Found>,
        target: AuditTarget,
        by caller: Caller,
        id: EventID,
        at now: Instant,
        in tx: borrowing Transaction
    ) throws {
        let new = try conflicts(in: tx).subtracting(before).sorted { $0.text < $1.text }
        guard !new.isEmpty else { return }
        let lines = new.prefix(Self.named).map { JSONValue.string($0.text) }
        let details: JSONObject = ["conflicts": .array(lines), "count": .integer(Int64(new.count))]
        let event = caller.auditEvent(
            id: id,
            at: now,
            action: "access.conflict",
            target: target,
            outcome: .denied,
            reason: "policy violation: the most restrictive rule withholds \(new.count) rights since this change",
            details: JSONValue.object(details).text
        )
        try AuditStore.append(event, in: tx)
    }

    private func addMemberships(
        of owner: APIToken.Owner,
        to found: inout Set<Found>,
        in tx: borrowing Transaction
    ) throws {
        guard case .user(let user) = owner else { return }
        let membership = try MembershipStore.membership(of: user, organization: organization, in: tx)
        let workspaces = try MemberStore.workspaces(of: user, organization: organization, in: tx)
        let places =
            [(AuditTarget(kind: "user", id: user.text), Memberships(organization: membership, workspace: nil))]
            + workspaces.map { place in
                let target = AuditTarget(kind: "workspace", id: place.workspaceID.text)
                return (target, Memberships(organization: membership, workspace: place.membership))
            }
        for (place, memberships) in places {
            for conflict in EffectiveAccess(memberships).conflicts {
                found.insert(Found(place: place, conflict: conflict))
            }
        }
    }

    private func tokens(in tx: borrowing Transaction) throws -> [APIToken] {
        guard let owners else { return try tokens(of: nil, in: tx) }
        return try owners.flatMap { try tokens(of: $0, in: tx) }
    }

    private func tokens(of owner: APIToken.Owner?, in tx: borrowing Transaction) throws -> [APIToken] {
        var query = APITokenQuery()
        query.owner = owner
        query.states = [.live, .paused, .suspended]
        query.limit = 200
        var tokens: [APIToken] = []
        repeat {
            let page = try APITokenStore.list(organization: organization, query: query, in: tx)
            tokens += page.elements
            query.after = page.next.flatMap { CredentialID($0.id) }
        } while query.after != nil && tokens.count < Self.maximumTokens
        return tokens
    }
}

extension ConflictScan.Found {
    /// `crd_… agents:rotate scope_beyond_owner (agents:write)`.
    fileprivate var text: String {
        let scope = conflict.scope.map { " (\($0))" } ?? ""
        let right = conflict.permission?.rawValue ?? "-"
        return "\(place.id) \(right) \(conflict.kind.rawValue)\(scope)"
    }
}
