internal import Domain
internal import SQLDatabase
internal import Store

/// Where a user acts and what they may do there, as the database says it now.
struct UserPlace {
    let organizationID: OrganizationID?
    let workspaceID: WorkspaceID?
    let memberships: Memberships
    /// Whether the account is active and so are the memberships that count here (ORG-4).
    let isActive: Bool
    let permissions: PermissionSet

    static let inactive = ControlPlaneError(.membershipInactive, "Your account or membership is not active.")

    /// The place that was chosen; otherwise the oldest active membership, and the oldest workspace that is open to it.
    ///
    /// A server administrator who is active nowhere acts in no organization, with the server's permissions alone:
    /// what they have is given by no organization and taken by none (ORG-11).
    init(of user: UserAccount, at choice: PlaceChoice = .own, in tx: borrowing Transaction) throws {
        let found = try Self.organization(of: user, choice, in: tx)
        organizationID = found
        guard let organizationID = found else {
            workspaceID = nil
            memberships = Memberships(organization: nil, workspace: nil)
            isActive = user.state == .active && user.isServerAdministrator
            permissions = isActive ? .server : []
            return
        }
        let rooms = try Rooms(of: user.id, organization: organizationID, in: tx)
        workspaceID = try rooms.workspace(choice, in: tx)
        memberships = rooms.memberships(in: workspaceID)
        isActive = user.state == .active && memberships.isActive
        let server: PermissionSet = user.isServerAdministrator ? .server : []
        permissions = isActive ? memberships.permissionSet.union(server) : []
    }

    /// The workspaces of an organization that are open to a person, oldest first.
    static func openWorkspaces(
        of user: UserID,
        in organization: OrganizationID,
        in tx: borrowing Transaction
    ) throws -> [Workspace] {
        let rooms = try Rooms(of: user, organization: organization, in: tx)
        guard rooms.membership?.status == .active else { return [] }
        return try OrganizationStore.workspaces(of: organization, in: tx).filter { rooms.isOpen($0.id) }
    }

    private static func organization(
        of user: UserAccount,
        _ choice: PlaceChoice,
        in tx: borrowing Transaction
    ) throws -> OrganizationID? {
        let all = try MembershipStore.organizations(of: user.id, in: tx)
        let theirs = all.filter { $0.membership.status.belongs }.map(\.organization)
        if let wanted = choice.organization {
            guard let found = theirs.first(where: { $0.text == wanted }) else { throw PlaceChoice.noOrganization }
            return found
        }
        if let wanted = choice.workspace {
            guard let id = WorkspaceID(wanted) else { throw PlaceChoice.noWorkspace }
            for organization in theirs
            where try OrganizationStore.get(id, organization: organization, in: tx) != nil { return organization }
            throw PlaceChoice.noWorkspace
        }
        let active = all.first { $0.membership.status == .active }?.organization
        return active ?? (user.isServerAdministrator ? nil : theirs.first)
    }
}

/// The workspaces of an organization, as far as they are open to one person.
private struct Rooms {
    let organizationID: OrganizationID
    let membership: Membership<OrganizationRole>?
    /// What the person is in single workspaces.
    let own: [WorkspaceID: Membership<WorkspaceRole>]

    init(of user: UserID, organization: OrganizationID, in tx: borrowing Transaction) throws {
        organizationID = organization
        membership = try MembershipStore.membership(of: user, organization: organization, in: tx)
        let workspaces = try MemberStore.workspaces(of: user, organization: organization, in: tx)
        own = Dictionary(workspaces.map { ($0.workspaceID, $0.membership) }, uniquingKeysWith: { first, _ in first })
    }

    func memberships(in workspace: WorkspaceID?) -> Memberships {
        Memberships(organization: membership, workspace: workspace.flatMap { own[$0] })
    }

    /// The chosen workspace, or the oldest that is open.
    func workspace(_ choice: PlaceChoice, in tx: borrowing Transaction) throws -> WorkspaceID? {
        guard let wanted = choice.workspace else {
            let all = try OrganizationStore.workspaces(of: organizationID, in: tx)
            return all.first { isOpen($0.id) }?.id
        }
        guard let id = WorkspaceID(wanted),
            let workspace = try OrganizationStore.get(id, organization: organizationID, in: tx),
            belongs(to: workspace.id)
        else { throw PlaceChoice.noWorkspace }
        return workspace.id
    }

    func isOpen(_ workspace: WorkspaceID) -> Bool {
        belongs(to: workspace) && (own[workspace]?.status ?? .active) == .active
    }

    /// Whether the workspace exists for the person: by a membership of it, or by a role that holds in all of them.
    private func belongs(to workspace: WorkspaceID) -> Bool {
        if let own = own[workspace] { return own.status.belongs || holdsEverywhere }
        return holdsEverywhere
    }

    private var holdsEverywhere: Bool { membership?.holdsEverywhere == true }
}

extension MembershipStatus {
    /// Whether the place is known to its person: one that invited or removed them is like any other (ORG-1).
    fileprivate var belongs: Bool { self == .active || self == .paused }
}
