internal import Domain
internal import SQLDatabase
internal import Store

extension Caller {
    /// This caller with the identity, memberships and permissions of a user, as they are at this moment.
    ///
    /// There is one organization with one workspace for now: the oldest of each.
    func identified(as user: UserAccount, session: Session, in tx: borrowing Transaction) throws -> Caller {
        let place = try UserPlace(of: user, in: tx)
        return Caller(
            actor: Actor(kind: .user, id: user.id.text, name: user.email.text),
            organizationID: place.organizationID,
            workspaceID: place.workspaceID,
            credentialID: session.id,
            credentialPrefix: session.stamp.prefix,
            address: address,
            userAgent: userAgent,
            requestID: requestID,
            surface: surface,
            rights: .holder(place.permissions)
        )
    }

    /// The id of the user who calls, or a refusal for all other kinds of callers.
    func requireUser() throws(ControlPlaneError) -> UserID {
        guard case .holder = rights, actor.kind == .user, let id = actor.id.flatMap({ UserID($0) }) else {
            throw ControlPlaneError(.wrongCredentialKind, "This can be done by a signed-in person only.")
        }
        return id
    }

    /// Lets the server itself and commands on the host on, and nobody else.
    func requireServer() throws(ControlPlaneError) {
        guard actor.kind == .host || actor.kind == .system else {
            throw ControlPlaneError(.permissionDenied, "This is done by the server itself only.")
        }
    }

    /// Lets commands on the host on, and nobody else.
    func requireHost() throws(ControlPlaneError) {
        guard surface == .host, actor.kind == .host || actor.kind == .system else {
            throw ControlPlaneError(.permissionDenied, "This can be done on the server's own host only.")
        }
    }
}

/// Where a user belongs and what they may do there.
struct UserPlace {
    let organizationID: OrganizationID?
    let workspaceID: WorkspaceID?
    let memberships: Memberships
    let permissions: PermissionSet

    init(of user: UserAccount, in tx: borrowing Transaction) throws {
        let organization = try MembershipStore.organizations(of: user.id, in: tx).first?.organization
        organizationID = organization
        let workspaces = try organization.map { try OrganizationStore.workspaces(of: $0, in: tx) } ?? []
        workspaceID = workspaces.first?.id
        if let organization, let workspaceID {
            memberships = try MembershipStore.memberships(
                of: user.id,
                organization: organization,
                workspace: workspaceID,
                in: tx
            )
        } else {
            memberships = Memberships(organization: nil, workspace: nil)
        }
        let counts = user.state == .active && memberships.isActive
        let server: PermissionSet = user.isServerAdministrator ? .server : []
        permissions = counts ? memberships.permissionSet.union(server) : []
    }
}
