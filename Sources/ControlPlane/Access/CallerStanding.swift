internal import Domain
internal import SQLDatabase
internal import Store

/// What a caller may give and take at this moment, read in the transaction that gives or takes it.
///
/// The caller was authenticated before; a role that was taken away since then gives nothing here (ORG-6). Whoever reads
/// it has the organization's row, so that nobody changes it meanwhile.
struct CallerStanding {
    /// What may be given on at most: in one workspace, or in the whole organization.
    let held: PermissionSet
    /// Whether the caller is an owner of the organization with all an owner's rights.
    let isOwner: Bool
    /// What the caller may do where they act.
    private let inPlace: PermissionSet

    /// `workspace` is where something is given; absent for the organization as a whole, where what a caller holds in one
    /// workspace counts for nothing.
    init(
        of caller: Caller,
        organization: OrganizationID,
        workspace: WorkspaceID? = nil,
        in tx: borrowing Transaction
    ) throws {
        let now = try Self.current(caller, organization, workspace, in: tx)
        let place = try Self.current(caller, organization, caller.workspaceID, in: tx)
        isOwner = now.isOwner
        inPlace = place.held
        let bound = try caller.accessNow(in: tx)?.wholePermissions ?? .all
        held = now.held.intersection(bound).subtracting(.server)
    }

    /// Refuses what the caller could do when they were let in, and can't do any more.
    func require(_ action: ScopeAction) throws(ControlPlaneError) {
        guard inPlace.contains(action.permission) else {
            let permission = action.permission.rawValue
            throw AccessViolation("needs \(permission)").error(
                .permissionDenied,
                "This needs the permission \(permission)."
            )
        }
    }

    /// Refuses to give, or to take from somebody who has, more than the caller has (ORG-7).
    func check(_ permissions: PermissionSet) throws(ControlPlaneError) {
        do throws(PermissionExceedsOwner) {
            try Grantor.holder(held).check(giving: permissions.subtracting(.server))
        } catch {
            throw AccessViolation("policy violation: \(error.message)").error(.permissionExceedsOwner, error.message)
        }
    }

    /// Only an owner makes owners, and changes what an owner is.
    func checkOwner(_ roles: OrganizationRole...) throws(ControlPlaneError) {
        guard !roles.contains(.owner) || isOwner else {
            let message = "Only an owner can make somebody an owner, or change what an owner is."
            throw AccessViolation("policy violation: not an owner").error(.permissionExceedsOwner, message)
        }
    }

    private static func current(
        _ caller: Caller,
        _ organization: OrganizationID,
        _ workspace: WorkspaceID?,
        in tx: borrowing Transaction
    ) throws -> (held: PermissionSet, isOwner: Bool) {
        guard caller.organizationID == organization else { return ([], false) }
        switch caller.actor.kind {
        case .host, .system: return (.all, true)
        case .agent, .anonymous: return ([], false)
        case .service: return (try account(caller, workspace, in: tx), false)
        case .user:
            guard let id = caller.actor.id.flatMap({ UserID($0) }), let user = try UserStore.get(id, in: tx),
                user.state == .active
            else { return ([], false) }
            let memberships = try Memberships(of: id, organization: organization, workspace: workspace, in: tx)
            let server: PermissionSet = user.isServerAdministrator ? .server : []
            return (memberships.permissionSet.union(server), memberships.organization?.isOwnerInForce ?? false)
        }
    }

    /// A service account has its rights in its workspace, and those that are about the whole organization.
    private static func account(
        _ caller: Caller,
        _ workspace: WorkspaceID?,
        in tx: borrowing Transaction
    ) throws -> PermissionSet {
        guard let id = caller.actor.id.flatMap({ ServiceAccountID($0) }),
            let account = try ServiceAccountStore.get(id, in: tx), account.organizationID == caller.organizationID
        else { return [] }
        let held = EffectiveAccess(account).permissions
        return workspace == account.workspaceID ? held : held.intersection(.ofWholeOrganization)
    }
}

extension PermissionSet {
    /// Those that no role in a workspace gives.
    static let ofWholeOrganization = PermissionSet.all.subtracting(.server)
        .subtracting(WorkspaceRole.allCases.reduce(into: []) { $0.formUnion($1.permissionSet) })
}

extension Memberships {
    init(
        of user: UserID,
        organization: OrganizationID,
        workspace: WorkspaceID?,
        in tx: borrowing Transaction
    ) throws {
        guard let workspace else {
            let found = try MembershipStore.membership(of: user, organization: organization, in: tx)
            self.init(organization: found, workspace: nil)
            return
        }
        self = try MembershipStore.memberships(of: user, organization: organization, workspace: workspace, in: tx)
    }
}

extension Membership<OrganizationRole> {
    /// An active owner from whom nothing was taken.
    var isOwnerInForce: Bool {
        role == .owner && status == .active && customRole == nil && overrides.denied.isEmpty
    }
}

extension Membership {
    /// What the membership gives when it counts, whether it does or not.
    var worth: PermissionSet { rolePermissions.union(overrides.granted).subtracting(overrides.denied) }

    /// The denials of the membership before that this one, in its place, does not have; one that ends lifts none.
    func lifts(_ before: Membership?) -> PermissionSet {
        guard status != .removed, let before else { return [] }
        return before.overrides.denied.subtracting(overrides.denied)
    }
}
