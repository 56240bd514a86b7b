package import Domain

/// What somebody or some token may do, and for each permission from where it comes and what withheld it (ORG-8).
package struct AccessExplanation: Sendable, Hashable {
    package enum Held: String, Sendable {
        case whole
        /// Some actions of the permission, some agents, or some routes only.
        case part
        case none
    }

    package struct Line: Sendable, Hashable {
        package let permission: Permission
        package let held: Held
        package let sources: [EffectiveAccess.Source]
        /// `organization_override`, `workspace_override`, `inactive`, `policy`, `scope_beyond_owner`.
        package let withheldBy: [String]
        /// The scopes of a token that name it, in canonical order.
        package let scopes: [String]
    }

    /// What one scope of a token is worth.
    package struct ScopeLine: Sendable, Hashable {
        package let scope: String
        package let isBroad: Bool
        package let isInForce: Bool
        package let gives: PermissionSet
        package let beyondOwner: PermissionSet
        package let deniedByPolicy: PermissionSet
    }

    package let subject: AuditTarget
    package let workspaceID: WorkspaceID?
    package let isActive: Bool
    package let roles: [AccessRole]
    package let lines: [Line]
    /// Of a token only.
    package let scopes: [ScopeLine]
    package let conflicts: [AccessConflict]

    /// A person in an organization and, if given, one workspace of it.
    init(of subject: AuditTarget, in workspace: WorkspaceID?, _ access: EffectiveAccess) {
        self.subject = subject
        workspaceID = workspace
        isActive = access.isActive
        roles = access.roles
        lines = access.lines.map { line in
            Line(
                permission: line.permission,
                held: line.isHeld ? .whole : .none,
                sources: line.sources,
                withheldBy: line.withheldBy.map(\.name),
                scopes: []
            )
        }
        scopes = []
        conflicts = access.conflicts
    }

    /// A token: its scopes ∩ its owner's permissions, minus what policy denies.
    init(
        of token: APIToken,
        owner: EffectiveAccess,
        _ access: TokenAccess,
        routes: [ScopeRoute: ScopeAction]
    ) {
        subject = AuditTarget(kind: "token", id: token.id.text)
        workspaceID = token.workspaceID
        isActive = owner.isActive && token.state == .live
        roles = owner.roles
        let scopeLines = access.lines(routes: routes)
        scopes = scopeLines.map { line in
            ScopeLine(
                scope: line.scope.text,
                isBroad: line.scope.isBroad,
                isInForce: line.isInForce,
                gives: line.permissions,
                beyondOwner: line.beyondOwner,
                deniedByPolicy: line.deniedByPolicy
            )
        }
        lines = Self.lines(scopeLines, owner: owner, access, routes: routes)
        conflicts = access.conflicts(routes: routes)
    }

    private static func lines(
        _ scopes: [TokenAccess.ScopeLine],
        owner: EffectiveAccess,
        _ access: TokenAccess,
        routes: [ScopeRoute: ScopeAction]
    ) -> [Line] {
        let touched = access.touchedPermissions(routes: routes)
        let asked = scopes.reduce(into: PermissionSet()) { $0.formUnion($1.scope.permissions(routes: routes)) }
        return asked.permissions.map { permission in
            let known = owner.lines.first { $0.permission == permission }
            let naming = scopes.filter { $0.scope.permissions(routes: routes).contains(permission) }
            var withheld = known?.withheldBy.map(\.name) ?? []
            if known == nil { withheld.append("scope_beyond_owner") }
            if naming.contains(where: { $0.deniedByPolicy.contains(permission) }) { withheld.append("policy") }
            let isPart = touched.contains(permission)
            return Line(
                permission: permission,
                held: access.wholePermissions.contains(permission) ? .whole : isPart ? .part : .none,
                sources: known?.sources ?? [],
                withheldBy: withheld,
                scopes: naming.map(\.scope.text)
            )
        }
    }
}

extension EffectiveAccess.Withholding {
    fileprivate var name: String {
        switch self {
        case .organizationOverride: "organization_override"
        case .workspaceOverride: "workspace_override"
        case .inactive: "inactive"
        }
    }
}
