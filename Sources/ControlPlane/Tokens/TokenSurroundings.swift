internal import Domain
internal import SQLDatabase
internal import Store

/// What decides about a token besides itself, as the database says it now (ORG-6).
struct TokenSurroundings {
    let owner: EffectiveAccess
    let policy: OrganizationPolicy
    let registered: [String: RegisteredScope]

    init(of token: APIToken, in tx: borrowing Transaction) throws {
        owner = try EffectiveAccess.load(token.owner, token.organizationID, token.workspaceID, in: tx)
        policy = try PolicyStore.get(of: token.organizationID, in: tx).policy
        registered = try RegisteredScopeStore.byName(of: token.organizationID, in: tx)
    }

    /// What the check of the token has to know.
    func record(of token: APIToken) -> TokenRecord {
        TokenRecord(token, owner: owner, policy: policy, registered: registered)
    }
}

extension EffectiveAccess {
    /// What the owner of a token may do in the workspace now; nothing for an account that is disabled or gone.
    static func load(
        _ owner: APIToken.Owner,
        _ organization: OrganizationID,
        _ workspace: WorkspaceID,
        in tx: borrowing Transaction
    ) throws -> EffectiveAccess {
        switch owner {
        case .user(let id):
            guard let user = try UserStore.get(id, in: tx), user.state == .active else { return .none }
            let memberships = try MembershipStore.memberships(
                of: id,
                organization: organization,
                workspace: workspace,
                in: tx
            )
            // Whoever has no place in the workspace left does nothing there, with registered scopes neither.
            guard memberships.workspace != nil || memberships.organization?.holdsEverywhere == true else {
                return .none
            }
            return EffectiveAccess(memberships, isServerAdministrator: user.isServerAdministrator)
        case .serviceAccount(let id):
            guard let account = try ServiceAccountStore.get(id, in: tx) else { return .none }
            return EffectiveAccess(account)
        }
    }

    /// Nobody's.
    private static var none: EffectiveAccess {
        EffectiveAccess(Memberships(organization: nil, workspace: nil))
    }
}
