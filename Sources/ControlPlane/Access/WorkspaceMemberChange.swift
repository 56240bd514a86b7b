internal import Domain
internal import SQLDatabase
internal import Store

/// The transaction that changes who belongs to a workspace, with everything that was made before it.
struct WorkspaceMemberChange: Sendable {
    typealias Edit = (member: Member, before: Membership<WorkspaceRole>?, after: Membership<WorkspaceRole>)

    let workspace: WorkspaceID
    let action: ScopeAction
    let caller: Caller
    let organization: OrganizationID
    private let now: Instant
    private let membershipID: MembershipID
    private let eventID: EventID
    private let conflictID: EventID

    init(
        _ workspace: WorkspaceID,
        _ action: ScopeAction,
        _ caller: Caller,
        _ context: ControlPlaneContext
    ) throws(ControlPlaneError) {
        self.workspace = workspace
        self.action = action
        self.caller = caller
        organization = try caller.requireOrganization()
        now = context.now()
        membershipID = context.ids.next()
        eventID = context.ids.next()
        conflictID = context.ids.next()
    }

    /// What the audit trail calls it.
    var name: String {
        switch action {
        case .workspaceMembersAdd: "workspace_member.add"
        case .workspaceMembersRemove: "workspace_member.remove"
        default: "workspace_member.update"
        }
    }

    func perform(
        routes: [ScopeRoute: ScopeAction],
        in tx: borrowing Transaction,
        _ edit: (borrowing Transaction) throws -> Edit
    ) throws -> WorkspaceMemberView {
        _ = try OrganizationStore.lock(organization, in: tx)
        _ = try WorkspaceService.workspace(workspace, for: caller, in: tx)
        let standing = try CallerStanding(of: caller, organization: organization, workspace: workspace, in: tx)
        try standing.check(PermissionSet(.workspaceManage))
        let (member, before, after) = try edit(tx)
        guard before != after else { return try view(of: member, in: tx) }
        // Who has more here than the caller, by whatever role, is out of their reach.
        try standing.checkOwner(member.membership.role)
        let reach = Memberships(organization: member.membership, workspace: before ?? after).permissionSet
            .union(Memberships(organization: member.membership, workspace: after).permissionSet)
        try standing.check(reach.union(before?.worth ?? []).union(after.worth).union(after.lifts(before)))
        try checkWholeOrganization(after, in: tx)
        try checkOwners(member, after, in: tx)
        let owner = APIToken.Owner.user(member.userID)
        let scan = ConflictScan(organization: organization, owners: [owner], routes: routes)
        let conflicts = try scan.conflicts(in: tx)
        try write(after, over: before, of: member, in: tx)
        let event = caller.auditEvent(
            id: eventID,
            at: now,
            action: name,
            target: .member(member.id),
            before: before?.auditJSON,
            after: after.auditJSON,
            details: #"{"workspace":"\#(workspace.text)"}"#
        )
        try AuditStore.append(event, in: tx)
        if after.status == .active {
            try scan.audit(since: conflicts, target: .member(member.id), by: caller, id: conflictID, at: now, in: tx)
        }
        return try view(of: member, in: tx)
    }

    /// What acts on the whole organization isn't given away in one workspace by somebody who has it only there.
    private func checkWholeOrganization(_ after: Membership<WorkspaceRole>, in tx: borrowing Transaction) throws {
        let wide = after.worth.intersection(.ofWholeOrganization)
        guard !wide.isEmpty else { return }
        try CallerStanding(of: caller, organization: organization, in: tx).check(wide)
    }

    /// The member of the organization that somebody named.
    func member(_ choice: PersonChoice, in tx: borrowing Transaction) throws -> Member {
        let found: Member? =
            switch choice {
            case .id(let text):
                try MembershipID(text).flatMap { try MemberStore.get($0, organization: organization, in: tx) }
            case .email(let text):
                try EmailAddress(text).flatMap { try MemberStore.find(email: $0, organization: organization, in: tx) }
            }
        guard let found else { throw ControlPlaneError.notFound("member") }
        return found
    }

    func membership(of member: Member, in tx: borrowing Transaction) throws -> Membership<WorkspaceRole>? {
        try MembershipStore.memberships(
            of: member.userID,
            organization: organization,
            workspace: workspace,
            in: tx
        ).workspace
    }

    /// The last active owner isn't shut out of a workspace either, nor has anything denied there (ORG-10).
    private func checkOwners(
        _ member: Member,
        _ after: Membership<WorkspaceRole>,
        in tx: borrowing Transaction
    ) throws {
        guard after.status != .active || !after.overrides.denied.isEmpty else { return }
        let owners = try MemberStore.ownerCandidates(of: organization, in: tx).filter(\.isOwnerInForce)
        guard owners.map(\.id) != [member.id] else { throw ControlPlaneError.lastOwner }
    }

    private func write(
        _ after: Membership<WorkspaceRole>,
        over before: Membership<WorkspaceRole>?,
        of member: Member,
        in tx: borrowing Transaction
    ) throws {
        let user = member.userID
        let isWritten =
            if before == nil {
                try MembershipStore.insert(
                    after,
                    id: membershipID,
                    user: user,
                    organization: organization,
                    workspace: workspace,
                    now: now,
                    in: tx
                )
            } else {
                try MembershipStore.change(to: after, user: user, workspace: workspace, now: now, in: tx)
            }
        guard isWritten else { throw ControlPlaneError.lostRace }
    }

    private func view(of member: Member, in tx: borrowing Transaction) throws -> WorkspaceMemberView {
        let all = try MemberStore.workspaces(of: member.userID, organization: organization, in: tx)
        guard let found = all.first(where: { $0.workspaceID == workspace }) else {
            throw ControlPlaneError.notFound("member")
        }
        return WorkspaceMemberView(found)
    }
}
