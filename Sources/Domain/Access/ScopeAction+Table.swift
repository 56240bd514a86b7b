extension ScopeAction {
    /// What is known of one action.
    struct Row: Sendable {
        enum Effect: Sendable {
            case read, change
        }

        let text: String
        let resource: String
        let permission: Permission
        let isChange: Bool
        let isOfOneAgent: Bool

        init(_ text: String, _ permission: Permission, _ effect: Effect, isOfOneAgent: Bool = false) {
            self.text = text
            self.permission = permission
            self.isOfOneAgent = isOfOneAgent
            resource = String(text.prefix { $0 != ":" })
            isChange = effect == .change
        }
    }

    /// One row an action, in the order of the cases.
    static let rows = agentsRows + tokensRows + organizationRows + watchRows

    private static let agentsRows: [Row] = [
        Row("agents:read", .agentsRead, .read, isOfOneAgent: true),
        Row("agents:enroll", .agentsEnroll, .change),
        Row("agents:create", .agentsEnroll, .change),
        Row("agents:update", .agentsEnroll, .change, isOfOneAgent: true),
        Row("agents:delete", .agentsEnroll, .change, isOfOneAgent: true),
        Row("agents:reset", .agentsEnroll, .change, isOfOneAgent: true),
        Row("agents:regenerate", .agentsEnroll, .change, isOfOneAgent: true),
        Row("agents:rotate", .agentsRotate, .change, isOfOneAgent: true),
        Row("agents:cancel_rotation", .agentsRotate, .change, isOfOneAgent: true),
        Row("agents:end_grace", .agentsRotate, .change, isOfOneAgent: true),
        Row("agents:pause", .agentsPause, .change, isOfOneAgent: true),
        Row("agents:resume", .agentsPause, .change, isOfOneAgent: true),
        Row("agents:revoke", .agentsRevoke, .change, isOfOneAgent: true),
        Row("executions:run", .executionsRun, .change),
        Row("keys:read", .keysRead, .read),
        Row("keys:write", .keysWrite, .change),
        Row("grants:decide", .grantsDecide, .change),
        Row("analytics:read", .analyticsRead, .read),
    ]

    private static let tokensRows: [Row] = [
        Row("tokens:own", .tokensOwn, .change),
        Row("tokens:read", .tokensOwn, .read),
        Row("tokens:create", .tokensOwn, .change),
        Row("tokens:update", .tokensOwn, .change),
        Row("tokens:rotate", .tokensOwn, .change),
        Row("tokens:pause", .tokensOwn, .change),
        Row("tokens:resume", .tokensOwn, .change),
        Row("tokens:revoke", .tokensOwn, .change),
        Row("tokens:manage", .tokensManage, .change),
        Row("tokens:bulk_revoke", .tokensManage, .change),
        Row("tokens:bulk_rotate", .tokensManage, .change),
        Row("tokens:bulk_rescope", .tokensManage, .change),
        Row("tokens:bulk_tag", .tokensManage, .change),
        Row("tokens:verify", .tokensVerify, .change),
        Row("service_accounts:manage", .serviceAccountsManage, .change),
        Row("service_accounts:read", .serviceAccountsManage, .read),
        Row("service_accounts:create", .serviceAccountsManage, .change),
        Row("service_accounts:update", .serviceAccountsManage, .change),
        Row("service_accounts:delete", .serviceAccountsManage, .change),
        Row("service_accounts:pause", .serviceAccountsManage, .change),
        Row("service_accounts:resume", .serviceAccountsManage, .change),
        Row("service_accounts:issue", .serviceAccountsManage, .change),
        Row("service_accounts:revoke", .serviceAccountsManage, .change),
        Row("service_accounts:rotate", .serviceAccountsRotate, .change),
    ]

    private static let organizationRows: [Row] = [
        Row("workspace:manage", .workspaceManage, .change),
        Row("workspace:read", .agentsRead, .read),
        Row("workspace:create", .orgManage, .change),
        Row("workspace:update", .workspaceManage, .change),
        Row("workspace_members:read", .workspaceManage, .read),
        Row("workspace_members:add", .workspaceManage, .change),
        Row("workspace_members:update", .workspaceManage, .change),
        Row("workspace_members:remove", .workspaceManage, .change),
        Row("org:manage", .orgManage, .change),
        Row("org:read", .agentsRead, .read),
        Row("org:update", .orgManage, .change),
        Row("members:read", .orgManage, .read),
        Row("members:invite", .orgManage, .change),
        Row("members:update", .orgManage, .change),
        Row("members:pause", .orgManage, .change),
        Row("members:resume", .orgManage, .change),
        Row("members:remove", .orgManage, .change),
        Row("roles:read", .orgManage, .read),
        Row("roles:create", .orgManage, .change),
        Row("roles:update", .orgManage, .change),
        Row("roles:delete", .orgManage, .change),
        Row("policies:read", .orgManage, .read),
        Row("policies:update", .orgManage, .change),
        Row("protected_apis:read", .orgManage, .read),
        Row("protected_apis:create", .orgManage, .change),
        Row("protected_apis:update", .orgManage, .change),
        Row("protected_apis:delete", .orgManage, .change),
        Row("registered_scopes:read", .agentsRead, .read),
        Row("registered_scopes:create", .orgManage, .change),
        Row("registered_scopes:update", .orgManage, .change),
        Row("registered_scopes:delete", .orgManage, .change),
        Row("settings:read", .agentsRead, .read),
        Row("settings:update", .orgManage, .change),
    ]

    private static let watchRows: [Row] = [
        Row("kill_switch:use", .killSwitchUse, .change),
        Row("audit:read", .auditRead, .read),
        Row("audit:export", .auditExport, .read),
        Row("incidents:read", .incidentsRead, .read),
        Row("incidents:manage", .incidentsManage, .change),
        Row("detection:manage", .detectionManage, .change),
        Row("server:organizations", .serverOrganizations, .change),
        Row("server:plans", .serverPlans, .change),
        Row("server:settings", .serverSettings, .change),
        Row("server:master_key", .serverMasterKey, .change),
        Row("server:nodes", .serverNodes, .change),
        Row("server:metrics", .serverMetrics, .read),
        Row("organizations:read", .serverOrganizations, .read),
        Row("organizations:create", .serverOrganizations, .change),
        Row("plans:read", .serverPlans, .read),
        Row("plans:create", .serverPlans, .change),
        Row("plans:update", .serverPlans, .change),
        Row("plans:delete", .serverPlans, .change),
    ]

    /// How many rows the table has, for the test that it fits the cases.
    package static var rowCount: Int { rows.count }

    /// The list as text, one action a line, as `Tests/Golden/scope-actions.txt` keeps it.
    package static var text: String {
        let lines = allCases.sorted { $0.text < $1.text }.map { action in
            let effect = action.isChange ? "write" : "read"
            let agent = action.isOfOneAgent ? " one-agent" : ""
            return "\(action.text): \(action.permission.rawValue) \(effect)\(agent)\n"
        }
        return lines.joined()
    }
}
