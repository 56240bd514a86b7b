package import Domain
internal import SQLDatabase
internal import Store
internal import StrictJSON

/// Organizations: made by server administrators, who get no rights in them (ORG-11), and run by their own people.
package struct OrganizationService: Sendable {
    private let context: ControlPlaneContext

    package init(context: ControlPlaneContext) {
        self.context = context
    }

    /// The organizations that the caller belongs to, with the workspaces that are open to them, oldest first.
    package func mine(caller: Caller) async throws(ControlPlaneError) -> [OwnOrganization] {
        let id = try caller.requireUser()
        return try await context.read { tx in
            guard let user = try UserStore.get(id, in: tx) else { throw ControlPlaneError.notFound("user") }
            return try MembershipStore.organizations(of: id, in: tx)
                .filter { [.active, .paused].contains($0.membership.status) }
                .compactMap { try OwnOrganization(user, $0.organization, $0.membership, caller, in: tx) }
        }
    }

    /// The organization that the caller acts in.
    package func current(caller: Caller) async throws(ControlPlaneError) -> OrganizationView {
        try await context.authorize(caller, .orgRead, as: "organization.read")
        let id = try caller.requireOrganization()
        return try await context.read { tx in try Self.organization(id, in: tx) }
    }

    package func rename(to name: String, caller: Caller) async throws(ControlPlaneError) -> OrganizationView {
        let id = try caller.requireOrganization()
        try await context.authorize(caller, .orgUpdate, as: "organization.update", target: .organization(id))
        try PlaceName.check(name)
        let (now, eventID) = (context.now(), context.ids.next(EventID.self))
        return try await context.changeAccess(
            as: "organization.update",
            target: .organization(id),
            caller: caller
        ) { tx in
            _ = try OrganizationStore.lock(id, in: tx)
            try CallerStanding(of: caller, organization: id, in: tx).require(.orgUpdate)
            let before = try Self.organization(id, in: tx)
            guard before.name != name else { return before }
            guard try OrganizationStore.rename(id, to: name, in: tx) else { throw ControlPlaneError.lostRace }
            let event = caller.auditEvent(
                id: eventID,
                at: now,
                action: "organization.update",
                target: .organization(id),
                before: PlaceName.auditJSON(before.name),
                after: PlaceName.auditJSON(name)
            )
            try AuditStore.append(event, in: tx)
            return try Self.organization(id, in: tx)
        }
    }

    /// Every organization of the server, oldest first: names and plans, nothing of what is in them.
    package func all(caller: Caller) async throws(ControlPlaneError) -> [OrganizationView] {
        try await context.authorize(caller, .organizationsRead, as: "organization.list")
        return try await context.read { tx in
            try OrganizationStore.all(in: tx).map { try OrganizationView($0, in: tx) }
        }
    }

    package func get(_ id: OrganizationID, caller: Caller) async throws(ControlPlaneError) -> OrganizationView {
        try await context.authorize(caller, .organizationsRead, as: "organization.read", target: .organization(id))
        return try await context.read { tx in try Self.organization(id, in: tx) }
    }

    /// Makes an organization with its first workspace and invites its first owner.
    package func create(
        name: String,
        ownerEmail: String,
        caller: Caller
    ) async throws(ControlPlaneError) -> (organization: OrganizationView, invitation: InvitationGrant) {
        try await context.authorize(caller, .organizationsCreate, as: "organization.create")
        try PlaceName.check(name)
        guard let email = EmailAddress(ownerEmail) else {
            throw .invalid([FieldFault(path: "/owner_email", message: "must be an e-mail address")])
        }
        let id = context.ids.next(OrganizationID.self)
        let draft = InvitationDraft(email: ownerEmail, role: OrganizationRole.owner.rawValue)
        let writing = try InvitationWriting(draft, id, context)
        let now = writing.issue.now
        let organization = Organization(id: id, name: name, createdAt: now)
        let workspace = Workspace(id: context.ids.next(), organizationID: id, name: "Default", createdAt: now)
        let ids = (context.ids.next(EventID.self), context.ids.next(EventID.self))
        let made = try await context.write { tx in
            try OrganizationStore.insert(organization, in: tx)
            try OrganizationStore.insert(workspace, in: tx)
            let owner = Membership(role: OrganizationRole.owner, status: .invited)
            let wanted = InvitationWriting.Wanted(email: email, membership: owner, workspaces: [])
            let invited = try writing.perform(wanted, standing: nil, in: tx)
            for (eventID, scope) in [(ids.0, nil), (ids.1, id)] as [(EventID, OrganizationID?)] {
                var event = caller.auditEvent(
                    id: eventID,
                    at: now,
                    action: "organization.create",
                    target: .organization(id),
                    after: PlaceName.auditJSON(name),
                    details: writing.auditJSON
                )
                event.tell(scope, of: caller)
                try AuditStore.append(event, in: tx)
            }
            return (try OrganizationView(organization, in: tx), invited)
        }
        let grant = InvitationGrant(
            invitation: made.1,
            token: writing.issue.token,
            publicURL: context.publicURL
        )
        return (made.0, grant)
    }

    private static func organization(_ id: OrganizationID, in tx: borrowing Transaction) throws -> OrganizationView {
        guard let found = try OrganizationStore.get(id, in: tx) else { throw PlaceChoice.noOrganization }
        return try OrganizationView(found, in: tx)
    }
}

/// An organization as its people and server administrators see it.
package struct OrganizationView: Sendable, Hashable {
    package let id: OrganizationID
    package let name: String
    package let createdAt: Instant
    /// Absent if none was assigned.
    package let plan: LimitPlan?

    init(_ organization: Organization, in tx: borrowing Transaction) throws {
        id = organization.id
        name = organization.name
        createdAt = organization.createdAt
        plan = try PlanStore.plan(of: organization.id, in: tx)?.plan
    }
}

/// An organization that somebody belongs to.
package struct OwnOrganization: Sendable, Hashable {
    package let id: OrganizationID
    package let name: String
    package let role: OrganizationRole
    package let status: MembershipStatus
    /// Those that are open to them.
    package let workspaces: [WorkspaceView]
    package let isCurrent: Bool

    init?(
        _ user: UserAccount,
        _ id: OrganizationID,
        _ membership: Membership<OrganizationRole>,
        _ caller: Caller,
        in tx: borrowing Transaction
    ) throws {
        guard let organization = try OrganizationStore.get(id, in: tx) else { return nil }
        self.id = id
        name = organization.name
        role = membership.role
        status = membership.status
        isCurrent = id == caller.organizationID
        workspaces = try UserPlace.openWorkspaces(of: user.id, in: id, in: tx).map(WorkspaceView.init)
    }
}

extension AuditEvent {
    /// Puts what a server administrator did into the trail of an organization, or of the server.
    ///
    /// To another organization than their own it tells who they are, and nothing of the session or token, which are
    /// objects of their own organization (ORG-1).
    mutating func tell(_ organization: OrganizationID?, of caller: Caller) {
        organizationID = organization
        workspaceID = nil
        guard let organization, organization != caller.organizationID else { return }
        (credentialID, credentialPrefix, address, userAgent) = (nil, nil, nil, nil)
    }
}

extension AuditTarget {
    static func organization(_ id: OrganizationID) -> AuditTarget { AuditTarget(kind: "organization", id: id.text) }
}
