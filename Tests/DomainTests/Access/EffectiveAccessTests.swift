import Domain
import Testing

@Suite("Effective access")
struct EffectiveAccessTests {
    static let organization = id(1, OrganizationID.self)

    static func role(_ permissions: PermissionSet) -> CustomRole {
        CustomRole(id: id(3), organizationID: organization, name: "Custom", permissions: permissions)
    }

    @Test("ORG-5: a custom role stands instead of the base role, and never holds a permission of the server")
    func customRole() {
        let membership = Membership(
            role: OrganizationRole.owner,
            status: .active,
            customRole: Self.role([PermissionSet(.agentsRead), .server])
        )
        let access = EffectiveAccess(Memberships(organization: membership, workspace: nil))
        #expect(access.permissions == PermissionSet(.agentsRead))
        #expect(access.lines.map(\.sources) == [[.role(.custom(id(3)))]])
        #expect(access.roles == [.custom(id(3))])
    }

    @Test("ORG-5, ORG-8: a denial in either membership wins over role and grant, and says so")
    func denial() throws {
        let overrides = PermissionOverrides(granted: [PermissionSet(.auditRead)], denied: PermissionSet(.agentsRotate))
        let memberships = Memberships(
            organization: Membership(
                role: .admin,
                status: .active,
                overrides: .init(denied: PermissionSet(.auditRead))
            ),
            workspace: Membership(role: .manager, status: .active, overrides: overrides)
        )
        let access = EffectiveAccess(memberships)
        #expect(!access.permissions.contains(.auditRead) && !access.permissions.contains(.agentsRotate))
        let audit = try #require(access.lines.first { $0.permission == .auditRead })
        #expect(audit.sources == [.role(.organization(.admin)), .workspaceOverride])
        #expect(audit.withheldBy == [.organizationOverride])
        #expect(access.conflicts.map(\.permission) == [.agentsRotate, .auditRead])
        #expect(access.conflicts.allSatisfy { $0.kind == .withheldByOverride })
    }

    @Test(
        "ORG-11: server permissions come from being a server administrator alone, and no override takes or gives them"
    )
    func server() {
        let overrides = PermissionOverrides(granted: .all, denied: .server)
        let membership = Membership(role: OrganizationRole.member, status: .active, overrides: overrides)
        let memberships = Memberships(organization: membership, workspace: nil)
        #expect(EffectiveAccess(memberships).permissions == PermissionSet.all.subtracting(.server))
        let none = Memberships(organization: nil, workspace: nil)
        #expect(EffectiveAccess(none, isServerAdministrator: true).permissions == .server)
    }

    @Test("ORG-5: drafts of roles and overrides name unknown, repeated and server permissions")
    func drafts() {
        let draft = CustomRoleDraft(name: "", permissions: ["agents:read", "agents:read", "server:plans", "fly:away"])
        guard case .failure(let found) = draft.checked() else { return #expect(Bool(false)) }
        #expect(found.faults.map(\.path) == ["/name", "/permissions/1", "/permissions/2", "/permissions/3"])
        #expect((try? CustomRoleDraft(name: "Ops", permissions: []).checked().get()) == nil)
        #expect((try? PermissionOverrides.checked(grant: ["x"], deny: []).get()) == nil)
    }

    @Test("ORG-6: a service account has its role while it is active", arguments: ServiceAccount.State.allCases)
    func account(state: ServiceAccount.State) {
        let account = ServiceAccount(
            id: id(1),
            organizationID: Self.organization,
            workspaceID: id(1),
            name: "bot",
            role: .developer,
            state: state,
            createdBy: .anonymous,
            createdAt: start
        )
        let access = EffectiveAccess(account)
        #expect(access.permissions == (state == .active ? WorkspaceRole.developer.permissionSet : []))
        #expect(access.lines.count == WorkspaceRole.developer.permissions.count)
    }

    @Test("ORG-5, ORG-6, ORG-8: over 2,000 random worlds nothing effective exceeds a part, and a denial always wins")
    func property() throws {
        var random = SeededGenerator(seed: 11)
        for _ in 0..<2000 {
            let world = AccessWorld(&random)
            let access = EffectiveAccess(world.memberships, isServerAdministrator: world.isServerAdministrator)
            #expect(Set(access.lines.filter(\.isHeld).map(\.permission)) == Set(access.permissions.permissions))
            let user = access.permissions.subtracting(.server)
            #expect(user.isDisjoint(with: world.denied) && user.isSubset(of: world.given))
            #expect(world.memberships.isActive || user.isEmpty)
            let token = TokenAccess(scopes: world.scopes, owner: access.permissions, bounds: world.bounds)
            #expect(token.touchedPermissions(routes: knownRoutes).isSubset(of: access.permissions))
            #expect(token.wholePermissions.isSubset(of: access.permissions))
            #expect(Self.disagreements(token, world) == [])
        }
    }

    /// The actions that the token decides otherwise than its parts together.
    static func disagreements(_ token: TokenAccess, _ world: AccessWorld) -> [ScopeAction] {
        ScopeAction.allCases.filter { action in
            [nil, AccessWorld.agent].contains { agent in
                let isCovered = world.scopes.covers(action, agent: agent)
                let isBound = world.bounds.allSatisfy { $0.covers(action, agent: agent) }
                let isRight = isCovered && isBound && token.owner.contains(action.permission)
                return (token.decide(action, agent: agent) == .allowed) != isRight
            }
        }
    }
}

/// Random memberships, overrides, custom roles, scopes and policies.
struct AccessWorld {
    static let agent = id(5, AgentID.self)
    let memberships: Memberships
    let isServerAdministrator: Bool
    let given: PermissionSet
    let denied: PermissionSet
    let scopes: ScopeSet
    let bounds: [ScopeSet]

    init(_ random: inout SeededGenerator) {
        func set(_ random: inout SeededGenerator) -> PermissionSet {
            PermissionSet(rawValue: random.next() & random.next()).intersection(.all)
        }
        func pick<Value>(_ values: [Value], _ random: inout SeededGenerator, else other: Value) -> Value {
            values.randomElement(using: &random) ?? other
        }
        let status = (0..<2).map { _ in Int.random(in: 0..<4, using: &random) == 0 ? MembershipStatus.paused : .active }
        let first = PermissionOverrides(granted: set(&random), denied: set(&random))
        let second = PermissionOverrides(granted: set(&random), denied: set(&random))
        let custom = Bool.random(using: &random) ? EffectiveAccessTests.role(set(&random)) : nil
        let organization = Membership(
            role: pick(OrganizationRole.allCases, &random, else: .member),
            status: status[0],
            overrides: first
        )
        let workspace = Membership(
            role: pick(WorkspaceRole.allCases, &random, else: .viewer),
            status: status[1],
            customRole: custom,
            overrides: second
        )
        memberships = Memberships(organization: organization, workspace: workspace)
        isServerAdministrator = Bool.random(using: &random)
        given = organization.rolePermissions.union(workspace.rolePermissions).union(first.granted).union(second.granted)
        denied = first.denied.union(second.denied)
        scopes = Self.scopes(&random)
        bounds = (0..<Int.random(in: 0...2, using: &random)).map { _ in Self.scopes(&random) }
    }

    static func scopes(_ random: inout SeededGenerator) -> ScopeSet {
        var chosen: Set<Scope> = [Scope(.agentsRead)]
        for _ in 0..<Int.random(in: 0...12, using: &random) {
            let action = ScopeAction.allCases.randomElement(using: &random) ?? .agentsRead
            let texts = [action.text, "\(action.resource):*", "\(action.text):\(agent)", "\(action.resource):write"]
            if let scope = try? Scope(parsing: texts.randomElement(using: &random) ?? "") { chosen.insert(scope) }
        }
        return ScopeSet(Array(chosen)) ?? AccessWorld.scopes(&random)
    }
}
