/// Which role has which permission, as one table (ORG-5).
package enum RoleMatrix {
    private struct Row {
        let permissions: [Permission]
        let organization: Set<OrganizationRole>
        let workspace: Set<WorkspaceRole>
    }

    private static let rows: [Row] = [
        Row(
            permissions: [.agentsRead, .keysRead, .analyticsRead],
            organization: [.owner, .admin, .auditor],
            workspace: [.manager, .developer, .viewer]
        ),
        Row(
            permissions: [.agentsRotate, .agentsPause, .agentsRevoke, .executionsRun],
            organization: [.owner, .admin],
            workspace: [.manager, .developer]
        ),
        Row(permissions: [.agentsEnroll], organization: [.owner, .admin], workspace: [.manager]),
        Row(
            permissions: [.tokensOwn],
            organization: [.owner, .admin, .auditor],
            workspace: [.manager, .developer, .viewer]
        ),
        Row(
            permissions: [.tokensManage, .tokensVerify, .serviceAccountsManage, .serviceAccountsRotate],
            organization: [.owner, .admin],
            workspace: [.manager]
        ),
        Row(permissions: [.keysWrite, .grantsDecide], organization: [.owner, .admin], workspace: [.manager]),
        Row(permissions: [.workspaceManage], organization: [.owner, .admin], workspace: [.manager]),
        Row(permissions: [.orgManage, .killSwitchUse], organization: [.owner, .admin], workspace: []),
        Row(
            permissions: [.auditRead, .auditExport, .incidentsRead],
            organization: [.owner, .admin, .auditor],
            workspace: []
        ),
        Row(permissions: [.incidentsManage, .detectionManage], organization: [.owner, .admin], workspace: []),
    ]

    /// The permissions a role in the organization gives; those of a plain member come from workspaces alone.
    package static func permissions(of role: OrganizationRole) -> Set<Permission> {
        Set(rows.filter { $0.organization.contains(role) }.flatMap(\.permissions))
    }

    package static func permissions(of role: WorkspaceRole) -> Set<Permission> {
        Set(rows.filter { $0.workspace.contains(role) }.flatMap(\.permissions))
    }

    /// The matrix as text, one permission a line, as `Tests/Golden/role-matrix.txt` keeps it.
    package static var text: String {
        let organization = OrganizationRole.allCases.map { ($0.rawValue, $0.permissions) }
        let workspace = WorkspaceRole.allCases.map { ($0.rawValue, $0.permissions) }
        let server = [("server_admin", Permission.server)]
        let columns = organization + workspace + server
        let lines = Permission.allCases.sorted().map { permission in
            let holders = columns.filter { $0.1.contains(permission) }.map(\.0)
            return "\(permission.rawValue): \(holders.joined(separator: " "))\n"
        }
        return lines.joined()
    }
}
