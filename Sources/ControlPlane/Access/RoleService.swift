package import Domain
internal import SQLDatabase
internal import Store
internal import StrictJSON

/// Custom roles: named permission sets of an organization (ORG-5).
///
/// Nobody writes into a role more than they have, for that would give it to everybody who has the role.
package struct RoleService: Sendable {
    private let context: ControlPlaneContext
    private let routes: RouteActions

    package init(context: ControlPlaneContext, routes: RouteActions) {
        self.context = context
        self.routes = routes
    }

    /// The custom roles of the organization, by name.
    package func list(caller: Caller) async throws(ControlPlaneError) -> [CustomRole] {
        try await context.authorize(caller, .rolesRead, as: "role.list")
        let organization = try caller.requireOrganization()
        return try await context.read { tx in try CustomRoleStore.list(of: organization, in: tx) }
    }

    package func get(_ id: CustomRoleID, caller: Caller) async throws(ControlPlaneError) -> CustomRole {
        try await context.authorize(caller, .rolesRead, as: "role.read", target: .role(id))
        let organization = try caller.requireOrganization()
        return try await context.read { tx in try Self.role(id, organization, in: tx) }
    }

    package func create(_ draft: CustomRoleDraft, caller: Caller) async throws(ControlPlaneError) -> CustomRole {
        try await context.authorize(caller, .rolesCreate, as: "role.create")
        let organization = try caller.requireOrganization()
        let permissions = try ControlPlaneError.checked(draft.checked())
        let role = CustomRole(
            id: context.ids.next(),
            organizationID: organization,
            name: draft.name,
            description: draft.description,
            permissions: permissions
        )
        let (now, eventID) = (context.now(), context.ids.next(EventID.self))
        return try await context.changeAccess(as: "role.create", target: nil, caller: caller) { tx in
            _ = try OrganizationStore.lock(organization, in: tx)
            let standing = try CallerStanding(of: caller, organization: organization, in: tx)
            try standing.require(.rolesCreate)
            try standing.check(permissions)
            guard try CustomRoleStore.insert(role, now: now, in: tx) else { throw ControlPlaneError.nameTaken("role") }
            let event = caller.auditEvent(
                id: eventID,
                at: now,
                action: "role.create",
                target: .role(role.id),
                after: role.auditJSON
            )
            try AuditStore.append(event, in: tx)
            return role
        }
    }

    /// Changes a role; everybody who has it follows at once.
    package func update(
        _ id: CustomRoleID,
        _ patch: CustomRolePatch,
        caller: Caller
    ) async throws(ControlPlaneError) -> CustomRole {
        try await context.authorize(caller, .rolesUpdate, as: "role.update", target: .role(id))
        let organization = try caller.requireOrganization()
        let now = context.now()
        let ids = (context.ids.next(EventID.self), context.ids.next(EventID.self))
        let routes = routes.all
        return try await context.changeAccess(as: "role.update", target: .role(id), caller: caller) { tx in
            _ = try OrganizationStore.lock(organization, in: tx)
            let standing = try CallerStanding(of: caller, organization: organization, in: tx)
            try standing.require(.rolesUpdate)
            let before = try Self.role(id, organization, in: tx)
            let after = try patch.applied(to: before)
            guard after != before else { return before }
            try standing.check(before.permissions.union(after.permissions))
            let holders = try MemberStore.holders(of: id, organization: organization, in: tx)
            let accounts = try CustomRoleStore.accounts(with: id, in: tx)
            let owners = holders.map { APIToken.Owner.user($0) } + accounts.map { .serviceAccount($0) }
            let scan = ConflictScan(organization: organization, owners: owners, routes: routes)
            let conflicts = try scan.conflicts(in: tx)
            let isTaken = try CustomRoleStore.isNameTaken(
                after.name,
                organization: organization,
                except: id,
                in: tx
            )
            guard !isTaken else { throw ControlPlaneError.nameTaken("role") }
            guard try CustomRoleStore.update(after, expectedVersion: before.version, now: now, in: tx) else {
                throw ControlPlaneError.lostRace
            }
            let event = caller.auditEvent(
                id: ids.0,
                at: now,
                action: "role.update",
                target: .role(id),
                before: before.auditJSON,
                after: after.auditJSON
            )
            try AuditStore.append(event, in: tx)
            try scan.audit(since: conflicts, target: .role(id), by: caller, id: ids.1, at: now, in: tx)
            return after
        }
    }

    /// Deletes a role that nobody has.
    package func delete(_ id: CustomRoleID, caller: Caller) async throws(ControlPlaneError) {
        try await context.authorize(caller, .rolesDelete, as: "role.delete", target: .role(id))
        let organization = try caller.requireOrganization()
        let (now, eventID) = (context.now(), context.ids.next(EventID.self))
        try await context.changeAccess(as: "role.delete", target: .role(id), caller: caller) { tx in
            _ = try OrganizationStore.lock(organization, in: tx)
            let standing = try CallerStanding(of: caller, organization: organization, in: tx)
            try standing.require(.rolesDelete)
            let role = try Self.role(id, organization, in: tx)
            let policy = try PolicyStore.get(of: organization, in: tx).policy
            guard try !CustomRoleStore.isUsed(id, in: tx), policy.allowedScopes[.custom(id)] == nil else {
                throw ControlPlaneError(
                    .illegalTransition,
                    "Somebody has the role, or the policy names it; it can be deleted when that has ended.",
                    details: ["current_state": .string("used")]
                )
            }
            _ = try CustomRoleStore.delete(id, in: tx)
            let event = caller.auditEvent(
                id: eventID,
                at: now,
                action: "role.delete",
                target: .role(id),
                before: role.auditJSON
            )
            try AuditStore.append(event, in: tx)
        }
    }

    private static func role(
        _ id: CustomRoleID,
        _ organization: OrganizationID,
        in tx: borrowing Transaction
    ) throws -> CustomRole {
        guard let role = try CustomRoleStore.get(id, organization: organization, in: tx) else {
            throw ControlPlaneError.notFound("role")
        }
        return role
    }
}

/// What somebody wants to change of a custom role.
package struct CustomRolePatch: Sendable, Hashable {
    package var name: String?
    package var description: String?
    /// Replaces the whole list.
    package var permissions: [String]?

    package init(name: String? = nil, description: String? = nil, permissions: [String]? = nil) {
        self.name = name
        self.description = description
        self.permissions = permissions
    }

    func applied(to role: CustomRole) throws -> CustomRole {
        let draft = CustomRoleDraft(
            name: name ?? role.name,
            description: description ?? role.description,
            permissions: permissions ?? role.permissions.permissions.map(\.rawValue)
        )
        let set = try ControlPlaneError.checked(draft.checked())
        let isSame = draft.name == role.name && draft.description == role.description && set == role.permissions
        return CustomRole(
            id: role.id,
            organizationID: role.organizationID,
            name: draft.name,
            description: draft.description,
            permissions: set,
            version: isSame ? role.version : role.version + 1
        )
    }
}

extension AuditTarget {
    static func role(_ id: CustomRoleID) -> AuditTarget { AuditTarget(kind: "role", id: id.text) }
}

extension CustomRole {
    /// What audit keeps of a role.
    fileprivate var auditJSON: String {
        let fields: JSONObject = [
            "name": .string(name),
            "description": .string(description),
            "permissions": .array(permissions.permissions.map { .string($0.rawValue) }),
        ]
        return JSONValue.object(fields).text
    }
}
