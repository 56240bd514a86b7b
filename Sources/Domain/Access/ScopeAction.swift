/// What one route does, by its fine name `resource:action`.
///
/// Roles know permissions only; a scope may be as fine as one action. Every permission is an action of the same name;
/// finer ones stand beside it where it covers several operations. The list is `Tests/Golden/scope-actions.txt`.
/// The raw value is the place in the list: it is never stored and never sent.
package enum ScopeAction: UInt8, CaseIterable, Sendable {
    case agentsRead
    case agentsEnroll
    case agentsCreate
    case agentsUpdate
    case agentsDelete
    case agentsReset
    case agentsRegenerate
    case agentsRotate
    case agentsCancelRotation
    case agentsEndGrace
    case agentsPause
    case agentsResume
    case agentsRevoke

    case executionsRun

    case keysRead
    case keysWrite

    case grantsDecide

    case analyticsRead

    case tokensOwn
    case tokensRead
    case tokensCreate
    case tokensUpdate
    case tokensRotate
    case tokensPause
    case tokensResume
    case tokensRevoke
    case tokensManage
    case tokensBulkRevoke
    case tokensBulkRotate
    case tokensBulkRescope
    case tokensBulkTag
    case tokensVerify

    case serviceAccountsManage
    case serviceAccountsRead
    case serviceAccountsCreate
    case serviceAccountsUpdate
    case serviceAccountsDelete
    case serviceAccountsPause
    case serviceAccountsResume
    case serviceAccountsIssue
    case serviceAccountsRevoke
    case serviceAccountsRotate

    case workspaceManage
    case workspaceRead
    case workspaceCreate
    case workspaceUpdate

    case workspaceMembersRead
    case workspaceMembersAdd
    case workspaceMembersUpdate
    case workspaceMembersRemove

    case orgManage
    case orgRead
    case orgUpdate

    case membersRead
    case membersInvite
    case membersUpdate
    case membersPause
    case membersResume
    case membersRemove

    case rolesRead
    case rolesCreate
    case rolesUpdate
    case rolesDelete

    case policiesRead
    case policiesUpdate

    case protectedAPIsRead
    case protectedAPIsCreate
    case protectedAPIsUpdate
    case protectedAPIsDelete

    case registeredScopesRead
    case registeredScopesCreate
    case registeredScopesUpdate
    case registeredScopesDelete

    case settingsRead
    case settingsUpdate

    case killSwitchUse

    case auditRead
    case auditExport

    case incidentsRead
    case incidentsManage

    case detectionManage

    case serverOrganizations
    case serverPlans
    case serverSettings
    case serverMasterKey
    case serverNodes
    case serverMetrics

    case organizationsRead
    case organizationsCreate

    case plansRead
    case plansCreate
    case plansUpdate
    case plansDelete

    /// `agents:create`, as scopes write it.
    package var text: String { Self.rows[Int(rawValue)].text }

    /// What stands before the colon.
    package var resource: String { Self.rows[Int(rawValue)].resource }

    /// What a caller has to hold for it.
    package var permission: Permission { Self.rows[Int(rawValue)].permission }

    /// Whether it changes anything: `resource:write` covers such actions, `resource:read` the others.
    ///
    /// Verifying a token counts against limits, so that it is a change.
    package var isChange: Bool { Self.rows[Int(rawValue)].isChange }

    /// Whether it is done to one agent, so that a scope may name the agent.
    package var isOfOneAgent: Bool { Self.rows[Int(rawValue)].isOfOneAgent }

    /// The action of this name.
    package init?(_ text: String) {
        guard let action = Self.byText[text] else { return nil }
        self = action
    }

    /// Every resource that has actions; an organization can't register scopes for them.
    package static let resources = Set(allCases.map(\.resource))

    private static let byText = Dictionary(uniqueKeysWithValues: allCases.map { ($0.text, $0) })
}
