/// What somebody may do: `resource:action`.
package enum Permission: String, CaseIterable, Sendable, Comparable {
    case agentsRead = "agents:read"
    case agentsRotate = "agents:rotate"
    case agentsPause = "agents:pause"
    case agentsRevoke = "agents:revoke"
    /// Create, change, reset, regenerate and delete agents.
    case agentsEnroll = "agents:enroll"
    case executionsRun = "executions:run"
    case keysRead = "keys:read"
    case keysWrite = "keys:write"
    case grantsDecide = "grants:decide"
    case analyticsRead = "analytics:read"
    /// Create, rotate and revoke one's own tokens.
    case tokensOwn = "tokens:own"
    case tokensManage = "tokens:manage"
    /// Ask whether a token of the organization is good (TOK-5).
    case tokensVerify = "tokens:verify"
    case serviceAccountsManage = "service_accounts:manage"
    case serviceAccountsRotate = "service_accounts:rotate"
    case workspaceManage = "workspace:manage"
    case orgManage = "org:manage"
    case killSwitchUse = "kill_switch:use"
    case auditRead = "audit:read"
    case auditExport = "audit:export"
    case incidentsRead = "incidents:read"
    case incidentsManage = "incidents:manage"
    case detectionManage = "detection:manage"
    case serverOrganizations = "server:organizations"
    case serverPlans = "server:plans"
    case serverSettings = "server:settings"
    case serverMasterKey = "server:master_key"
    case serverNodes = "server:nodes"
    case serverMetrics = "server:metrics"

    /// What stands before the colon.
    var resource: String { String(rawValue.prefix { $0 != ":" }) }

    /// Those of server administrators; no organization can grant them.
    package static let server: Set<Permission> = [
        .serverOrganizations, .serverPlans, .serverSettings, .serverMasterKey, .serverNodes, .serverMetrics,
    ]

    package static func < (left: Permission, right: Permission) -> Bool { left.rawValue < right.rawValue }
}
