package import Domain
internal import SQLDatabase
internal import Store

/// The members of an organization: list, role, custom role, overrides, pause, resume, remove (ORG-4, ORG-5, ORG-10).
///
/// Nobody gives more than they have, nor takes from somebody who has more; the last active owner stays one.
package struct MemberService: Sendable {
    let context: ControlPlaneContext
    private let routes: RouteActions

    package init(context: ControlPlaneContext, routes: RouteActions) {
        self.context = context
        self.routes = routes
    }

    package func list(_ filter: MemberFilter, caller: Caller) async throws(ControlPlaneError) -> Page<MemberView> {
        try await context.authorize(caller, .membersRead, as: "member.list")
        try PageLimit.check(filter.limit)
        let organization = try caller.requireOrganization()
        return try await context.read { tx in
            let page = try MemberStore.list(organization: organization, query: filter.query, in: tx)
            return Page(items: try page.elements.map { try MemberView($0, in: tx) }, nextCursor: page.next?.id)
        }
    }

    package func get(_ id: MembershipID, caller: Caller) async throws(ControlPlaneError) -> MemberView {
        try await context.authorize(caller, .membersRead, as: "member.read", target: .member(id))
        let organization = try caller.requireOrganization()
        return try await context.read { tx in
            try MemberView(try Self.member(id, organization, in: tx), in: tx)
        }
    }

    /// Changes role, custom role and overrides; what follows for their tokens follows at once (ORG-6).
    package func update(
        _ id: MembershipID,
        _ patch: MembershipPatch,
        caller: Caller
    ) async throws(ControlPlaneError) -> MemberView {
        guard patch.status == nil else {
            throw .invalid([FieldFault(path: "/status", message: "must be changed by pause, resume and remove")])
        }
        let change = try MemberChange(id, .membersUpdate, "member.update", caller, context)
        return try await perform(change) { member, tx in
            guard member.membership.status != .removed else { throw ControlPlaneError.illegalStatus(.removed) }
            return try patch.applied(to: member.membership, organization: change.organization, in: tx)
        }
    }

    /// Lets a member do nothing until they are resumed; idempotent.
    package func pause(
        _ id: MembershipID,
        reason: String?,
        caller: Caller
    ) async throws(ControlPlaneError) -> MemberView {
        var change = try MemberChange(id, .membersPause, "member.pause", caller, context)
        change.reason = reason
        return try await perform(change) { member, _ in try member.membership.moved(to: .paused) }
    }

    /// Lets a paused member work again; idempotent.
    ///
    /// Who is invited comes in by their own word only.
    package func resume(
        _ id: MembershipID,
        reason: String?,
        caller: Caller
    ) async throws(ControlPlaneError) -> MemberView {
        var change = try MemberChange(id, .membersResume, "member.resume", caller, context)
        change.reason = reason
        return try await perform(change) { member, _ in
            let status = member.membership.status
            guard status == .paused || status == .active else { throw ControlPlaneError.illegalStatus(status) }
            return try member.membership.moved(to: .active)
        }
    }

    /// Takes a person out of the organization and all its workspaces: their sessions there and their personal tokens
    /// stop at once (TOK-10), and an invitation that waits is worthless.
    package func remove(
        _ id: MembershipID,
        reason: String?,
        caller: Caller
    ) async throws(ControlPlaneError) -> MemberView {
        var change = try MemberChange(id, .membersRemove, "member.remove", caller, context)
        change.reason = reason
        // What was special about the membership ends with it, so that nothing of it comes back.
        return try await perform(change) { member, _ in
            let removed = try member.membership.moved(to: .removed)
            return Membership(role: removed.role, status: removed.status)
        }
    }

    private func perform(
        _ change: MemberChange,
        _ edit: @escaping @Sendable (Member, borrowing Transaction) throws -> Membership<OrganizationRole>
    ) async throws(ControlPlaneError) -> MemberView {
        let caller = change.caller
        try await context.authorize(caller, change.action, as: change.name, target: .member(change.id))
        let routes = routes.all
        return try await context.changeAccess(
            as: change.name,
            target: .member(change.id),
            caller: caller,
            isUrgent: change.action == .membersPause || change.action == .membersRemove
        ) { tx in try change.perform(routes: routes, in: tx, edit) }
    }

    static func member(
        _ id: MembershipID,
        _ organization: OrganizationID,
        in tx: borrowing Transaction
    ) throws -> Member {
        guard let member = try MemberStore.get(id, organization: organization, in: tx) else {
            throw ControlPlaneError.notFound("member")
        }
        return member
    }
}

extension AuditTarget {
    static func member(_ id: MembershipID) -> AuditTarget { AuditTarget(kind: "member", id: id.text) }
}

extension MemberView {
    init(_ member: Member, in tx: borrowing Transaction) throws {
        let workspaces = try MemberStore.workspaces(of: member.userID, organization: member.organizationID, in: tx)
        self.init(member, workspaces: workspaces)
    }
}

extension Membership {
    /// The same with the next status, if it may become that.
    func moved(to next: MembershipStatus) throws -> Membership {
        guard status.mayBecome(next) else { throw ControlPlaneError.illegalStatus(status) }
        return with(next)
    }
}
