package import Domain
internal import SQLDatabase
internal import Store

/// Who belongs to a workspace, as what (ORG-4, ORG-5).
///
/// Only members of the organization can be added, by who manages the workspace, and with no more than they hold there.
package struct WorkspaceMemberService: Sendable {
    private let context: ControlPlaneContext
    private let routes: RouteActions

    package init(context: ControlPlaneContext, routes: RouteActions) {
        self.context = context
        self.routes = routes
    }

    /// The members of a workspace by e-mail address.
    package func list(
        _ workspace: WorkspaceID,
        caller: Caller
    ) async throws(ControlPlaneError) -> [WorkspaceMemberView] {
        let target = AuditTarget.workspace(workspace)
        try await context.authorize(caller, .workspaceMembersRead, as: "workspace_member.list", target: target)
        return try await context.read { tx in
            _ = try WorkspaceService.workspace(workspace, for: caller, in: tx)
            return try MemberStore.members(of: workspace, in: tx).map(WorkspaceMemberView.init)
        }
    }

    /// Adds a member of the organization, by the id of their membership or by their address.
    package func add(
        _ person: PersonChoice,
        to workspace: WorkspaceID,
        _ patch: MembershipPatch,
        caller: Caller
    ) async throws(ControlPlaneError) -> WorkspaceMemberView {
        let change = try WorkspaceMemberChange(workspace, .workspaceMembersAdd, caller, context)
        return try await perform(change) { tx in
            let member = try change.member(person, in: tx)
            guard member.membership.status != .removed else { throw ControlPlaneError.notFound("member") }
            let before = try change.membership(of: member, in: tx)
            guard before == nil || before?.status == .removed else {
                throw ControlPlaneError.nameTaken("membership of the workspace")
            }
            guard patch.role != nil else {
                throw ControlPlaneError.invalid([FieldFault(path: "/role", message: "is missing")])
            }
            let fresh = Membership(role: WorkspaceRole.viewer, status: .active)
            let after = try patch.applied(to: fresh, organization: change.organization, in: tx)
            let isInvited = member.membership.status == .invited
            return (member, before, after.with(isInvited ? .invited : .active))
        }
    }

    /// Changes role, custom role, overrides, or status between active and paused.
    package func update(
        _ member: MembershipID,
        in workspace: WorkspaceID,
        _ patch: MembershipPatch,
        caller: Caller
    ) async throws(ControlPlaneError) -> WorkspaceMemberView {
        let change = try WorkspaceMemberChange(workspace, .workspaceMembersUpdate, caller, context)
        let status = try patch.wantedStatus()
        return try await perform(change, isUrgent: status == .paused) { tx in
            let member = try change.member(.id(member.text), in: tx)
            guard let before = try change.membership(of: member, in: tx), before.status != .removed else {
                throw ControlPlaneError.notFound("member")
            }
            var after = try patch.applied(to: before, organization: change.organization, in: tx)
            if let status {
                guard before.status != .invited else { throw ControlPlaneError.illegalStatus(.invited) }
                after = try after.moved(to: status)
            }
            return (member, before, after)
        }
    }

    /// Takes somebody out of a workspace; idempotent while they belong to the organization.
    package func remove(
        _ member: MembershipID,
        from workspace: WorkspaceID,
        caller: Caller
    ) async throws(ControlPlaneError) {
        let change = try WorkspaceMemberChange(workspace, .workspaceMembersRemove, caller, context)
        _ = try await perform(change, isUrgent: true) { tx in
            let member = try change.member(.id(member.text), in: tx)
            guard let before = try change.membership(of: member, in: tx) else {
                throw ControlPlaneError.notFound("member")
            }
            return (member, before, Membership(role: before.role, status: .removed))
        }
    }

    private func perform(
        _ change: WorkspaceMemberChange,
        isUrgent: Bool = false,
        _ edit: @escaping @Sendable (borrowing Transaction) throws -> WorkspaceMemberChange.Edit
    ) async throws(ControlPlaneError) -> WorkspaceMemberView {
        let target = AuditTarget.workspace(change.workspace)
        try await context.authorize(change.caller, change.action, as: change.name, target: target)
        let routes = routes.all
        return try await context.changeAccess(
            as: change.name,
            target: target,
            caller: change.caller,
            isUrgent: isUrgent
        ) { tx in try change.perform(routes: routes, in: tx, edit) }
    }
}

/// How somebody names a person.
package enum PersonChoice: Sendable, Hashable {
    /// `mbr_…`, the membership in the organization.
    case id(String)
    case email(String)
}

extension MembershipPatch {
    fileprivate func wantedStatus() throws(ControlPlaneError) -> MembershipStatus? {
        switch status {
        case nil: return nil
        case "active": return .active
        case "paused": return .paused
        default: throw .invalid([FieldFault(path: "/status", message: "must be one of active, paused")])
        }
    }
}
