/// A set of permissions in one machine word, for what is asked at every use of a token.
///
/// The bits follow the order of ``Permission/allCases`` in this build; they are never stored and never sent.
package struct PermissionSet: OptionSet, Hashable, Sendable {
    package let rawValue: UInt64

    package init(rawValue: UInt64) { self.rawValue = rawValue }

    package init(_ permission: Permission) { rawValue = 1 << UInt64(permission.place) }

    package init(_ permissions: some Sequence<Permission>) {
        rawValue = permissions.reduce(0) { $0 | 1 << UInt64($1.place) }
    }

    /// Every permission there is.
    package static let all = PermissionSet(Permission.allCases)

    /// Those of server administrators, which no organization can give (ORG-11).
    package static let server = PermissionSet(Permission.server)

    package func contains(_ permission: Permission) -> Bool {
        rawValue & 1 << UInt64(permission.place) != 0
    }

    /// The members, sorted by name.
    package var permissions: [Permission] { Permission.allCases.filter(contains).sorted() }
}

extension Permission {
    /// The place in ``allCases``, without searching for it.
    var place: Int {
        switch self {
        case .agentsRead: 0
        case .agentsRotate: 1
        case .agentsPause: 2
        case .agentsRevoke: 3
        case .agentsEnroll: 4
        case .executionsRun: 5
        case .keysRead: 6
        case .keysWrite: 7
        case .grantsDecide: 8
        case .analyticsRead: 9
        case .tokensOwn: 10
        case .tokensManage: 11
        case .tokensVerify: 12
        case .serviceAccountsManage: 13
        case .serviceAccountsRotate: 14
        case .workspaceManage: 15
        case .orgManage: 16
        case .killSwitchUse: 17
        case .auditRead: 18
        case .auditExport: 19
        case .incidentsRead: 20
        case .incidentsManage: 21
        case .detectionManage: 22
        case .serverOrganizations: 23
        case .serverPlans: 24
        case .serverSettings: 25
        case .serverMasterKey: 26
        case .serverNodes: 27
        case .serverMetrics: 28
        }
    }
}
