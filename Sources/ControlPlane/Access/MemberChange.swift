internal import Domain
internal import SQLDatabase
internal import Store
internal import StrictJSON

/// The transaction that changes a membership of an organization, with everything that was made before it.
struct MemberChange: Sendable {
    let id: MembershipID
    let action: ScopeAction
    let name: String
    let caller: Caller
    let organization: OrganizationID
    let now: Instant
    var reason: String?
    private let eventID: EventID
    private let conflictID: EventID
    private let ids: IDSource

    init(
        _ id: MembershipID,
        _ action: ScopeAction,
        _ name: String,
        _ caller: Caller,
        _ context: ControlPlaneContext
    ) throws(ControlPlaneError) {
        self.id = id
        self.action = action
        self.name = name
        self.caller = caller
        organization = try caller.requireOrganization()
        now = context.now()
        eventID = context.ids.next()
        conflictID = context.ids.next()
        ids = context.ids
    }

    /// Reads the membership, lets `edit` change it, and writes what came of it under the rules of rank and of the last
    /// owner; an edit that changes nothing leaves no trace.
    func perform(
        routes: [ScopeRoute: ScopeAction],
        in tx: borrowing Transaction,
        _ edit: (Member, borrowing Transaction) throws -> Membership<OrganizationRole>
    ) throws -> MemberView {
        _ = try OrganizationStore.lock(organization, in: tx)
        let standing = try CallerStanding(of: caller, organization: organization, in: tx)
        try standing.require(action)
        let before = try MemberService.member(id, organization, in: tx)
        let after = try edit(before, tx)
        guard after != before.membership else { return try MemberView(before, in: tx) }
        try standing.checkOwner(before.membership.role, after.role)
        // Whoever is denied something lifts the denial of nobody, their own the least.
        let lifted = after.lifts(before.membership)
        try standing.check(before.membership.worth.union(after.worth).union(lifted))
        try checkWorkspaces(of: before, in: tx)
        try checkOwners(after, in: tx)
        let scan = ConflictScan(organization: organization, owners: [.user(before.userID)], routes: routes)
        let conflicts = try scan.conflicts(in: tx)
        try write(after, of: before, in: tx)
        try audit(before.membership, after, in: tx)
        // Whoever is paused or gone holds nothing at all; that is no conflict of rules.
        guard after.status == .active else { return try shown(in: tx) }
        try scan.audit(since: conflicts, target: .member(id), by: caller, id: conflictID, at: now, in: tx)
        return try shown(in: tx)
    }

    private func shown(in tx: borrowing Transaction) throws -> MemberView {
        try MemberView(try MemberService.member(id, organization, in: tx), in: tx)
    }

    /// Who has more in a workspace than the caller has there is out of the caller's reach.
    private func checkWorkspaces(of member: Member, in tx: borrowing Transaction) throws {
        let places = try MemberStore.workspaces(of: member.userID, organization: organization, in: tx)
        for place in places where place.membership.status != .removed {
            let there = try CallerStanding(
                of: caller,
                organization: organization,
                workspace: place.workspaceID,
                in: tx
            )
            try there.check(place.membership.worth)
        }
    }

    /// The last active owner can't be removed, paused or demoted by any means (ORG-10).
    private func checkOwners(_ after: Membership<OrganizationRole>, in tx: borrowing Transaction) throws {
        let candidates = try MemberStore.ownerCandidates(of: organization, in: tx)
        do throws(LastOwnerRefusal) {
            try LastOwner.check(candidates, changing: id, .become(after))
        } catch {
            throw ControlPlaneError.lastOwner
        }
    }

    private func write(
        _ after: Membership<OrganizationRole>,
        of member: Member,
        in tx: borrowing Transaction
    ) throws {
        let user = member.userID
        guard try MembershipStore.change(to: after, user: user, organization: organization, now: now, in: tx) else {
            throw ControlPlaneError.lostRace
        }
        guard after.status == .removed else { return }
        // Whoever comes back is asked again, for each workspace too, and has no old token then.
        try MemberStore.leaveWorkspaces(of: user, organization: organization, in: tx)
        try OneTimeSecretStore.withdrawInvitations(of: user, organization: organization, now: now, in: tx)
        try UserStore.lock(user, in: tx)
        let tokens = OwnerRevocation(caller: caller, reason: "its owner left the organization", now: now, ids: ids)
        try tokens.perform(of: .user(user), in: organization, tx)
        try withdrawInvitations(by: user, in: tx)
    }

    /// Makes the invitations worthless that somebody made who left.
    private func withdrawInvitations(by inviter: UserID, in tx: borrowing Transaction) throws {
        for secret in try OneTimeSecretStore.invitations(to: organization, by: inviter, now: now, in: tx) {
            guard let user = secret.userID,
                let invited = try MemberStore.find(user, organization: organization, in: tx),
                invited.membership.status == .invited
            else { continue }
            try OneTimeSecretStore.withdrawInvitations(of: user, organization: organization, now: now, in: tx)
            try invited.move(to: .removed, now: now, in: tx)
            let event = caller.auditEvent(
                id: ids.next(),
                at: now,
                action: "invitation.revoke",
                target: .member(invited.id),
                reason: "who invited was removed",
                before: invited.membership.auditJSON
            )
            try AuditStore.append(event, in: tx)
        }
    }

    private func audit(
        _ before: Membership<OrganizationRole>,
        _ after: Membership<OrganizationRole>,
        in tx: borrowing Transaction
    ) throws {
        let event = caller.auditEvent(
            id: eventID,
            at: now,
            action: name,
            target: .member(id),
            reason: reason,
            before: before.auditJSON,
            after: after.auditJSON
        )
        try AuditStore.append(event, in: tx)
    }
}

extension Membership where Role: RawRepresentable<String> {
    /// What audit keeps of a membership.
    var auditJSON: String {
        let fields: JSONObject = [
            "role": .string(role.rawValue),
            "status": .string(status.rawValue),
            "custom_role_id": customRole.map { .string($0.id.text) } ?? .null,
            "grant": .array(overrides.granted.permissions.map { .string($0.rawValue) }),
            "deny": .array(overrides.denied.permissions.map { .string($0.rawValue) }),
        ]
        return JSONValue.object(fields).text
    }
}
