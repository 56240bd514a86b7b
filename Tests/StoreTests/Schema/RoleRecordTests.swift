import Domain
import SQLDatabase
import Store
import Testing

@Suite("Custom roles, overrides, policies and service accounts are stored as they are")
struct RoleRecordTests {
    private static let permissions: PermissionSet = [.init(.agentsRead), .init(.agentsRotate)]

    private func role(_ sample: Sample, _ name: String) -> CustomRole {
        CustomRole(
            id: sample.ids.next(),
            organizationID: sample.organization,
            name: name,
            description: "Ünïcode",
            permissions: Self.permissions
        )
    }

    @Test(
        "ORG-5: a custom role is named once, changed by compare-and-swap, deleted while unused",
        arguments: Engine.all
    )
    func roles(engine: Engine) async throws {
        try await engine.withStore { database, sample in
            let role = role(sample, "Night shift")
            let twin = self.role(sample, "Night shift")
            var wider = role
            wider.description = "wider"
            wider.version = 2
            let changed = wider
            try await database.write { (tx: borrowing Transaction) throws in
                let now = sample.start
                #expect(try CustomRoleStore.insert(role, now: now, in: tx))
                #expect(try CustomRoleStore.insert(twin, now: now, in: tx) == false)
                #expect(try CustomRoleStore.get(role.id, in: tx) == role)
                #expect(try CustomRoleStore.update(changed, expectedVersion: 1, now: now, in: tx))
                #expect(try CustomRoleStore.update(changed, expectedVersion: 1, now: now, in: tx) == false)
                #expect(try CustomRoleStore.list(of: sample.organization, in: tx) == [changed])
                let organization = sample.organization
                #expect(
                    try CustomRoleStore.isNameTaken(role.name, organization: organization, except: nil, in: tx)
                )
                #expect(
                    try CustomRoleStore.isNameTaken(role.name, organization: organization, except: role.id, in: tx)
                        == false
                )
                #expect(try CustomRoleStore.isUsed(role.id, in: tx) == false)
                #expect(try CustomRoleStore.delete(role.id, in: tx))
                #expect(try CustomRoleStore.delete(role.id, in: tx) == false)
            }
        }
    }

    @Test("ORG-5, ORG-6: a membership keeps its custom role and overrides, and follows the role", arguments: Engine.all)
    func memberships(engine: Engine) async throws {
        try await engine.withStore { database, sample in
            let role = role(sample, "Auditor of keys")
            let user = sample.user("one@example.org")
            let overrides = PermissionOverrides(granted: [.init(.keysRead)], denied: [.init(.agentsRotate)])
            let member = Membership(role: OrganizationRole.member, status: .active)
            let viewer = Membership(
                role: WorkspaceRole.viewer,
                status: .active,
                customRole: role,
                overrides: overrides
            )
            let found = try await database.write { (tx: borrowing Transaction) throws in
                _ = try CustomRoleStore.insert(role, now: sample.start, in: tx)
                _ = try UserStore.insert(user, in: tx)
                try sample.join(user, member, in: tx)
                try sample.join(user, viewer, in: tx)
                #expect(try CustomRoleStore.isUsed(role.id, in: tx))
                return try sample.memberships(of: user, in: tx)
            }
            #expect(found == Memberships(organization: member, workspace: viewer))
            #expect(found.permissionSet == [.init(.agentsRead), .init(.keysRead)])

            let plain = Membership(role: WorkspaceRole.developer, status: .paused)
            let changed = try await database.write { (tx: borrowing Transaction) throws in
                let isChanged = try MembershipStore.change(
                    to: plain,
                    user: user.id,
                    workspace: sample.workspace,
                    now: sample.start,
                    in: tx
                )
                #expect(isChanged)
                return try sample.memberships(of: user, in: tx)
            }
            #expect(changed == Memberships(organization: member, workspace: plain))
        }
    }

    @Test("ORG-9: a policy is stored whole, and changed by compare-and-swap", arguments: Engine.all)
    func policies(engine: Engine) async throws {
        try await engine.withStore { database, sample in
            let policy = try Self.fullPolicy(sample.ids.next())
            let organization = sample.organization
            let put = { @Sendable (policy: OrganizationPolicy, version: Int64) async throws -> Bool in
                try await database.write { (tx: borrowing Transaction) throws in
                    try PolicyStore.put(
                        policy,
                        of: organization,
                        expectedVersion: version,
                        by: nil,
                        now: sample.start,
                        in: tx
                    )
                }
            }
            let get = { @Sendable () async throws in
                try await database.read { try PolicyStore.get(of: organization, in: $0) }
            }
            #expect(try await get() == (.none, 0))
            #expect(try await put(policy, 1) == false)
            #expect(try await put(policy, 0))
            #expect(try await put(.none, 0) == false)
            #expect(try await get() == (policy, 1))
            #expect(try await put(.none, 1))
            #expect(try await get() == (.none, 2))
        }
    }

    @Test(
        "ORG-9: a stored policy that this version can't read whole is refused, and forbids nothing less",
        arguments: [
            "", "[]", "{", #"{"unheard_of":1}"#, #"{"maximum_lifetime":{"robot":1}}"#,
            #"{"maximum_lifetime":{"agent":"x"}}"#,
            #"{"expiry_required":["robot"]}"#, #"{"allowed_scopes":{"emperor":["agents:read"]}}"#,
            #"{"allowed_scopes":{"owner":["agents"]}}"#, #"{"service_tokens_need_addresses":1}"#,
            #"{"maximum_tokens_per_owner":"1"}"#, #"{"environment_overrides_keys":null}"#,
        ]
    )
    func unreadable(_ text: String) async throws {
        try await Engine.inMemory.withStore { database, sample in
            try await database.write { (tx: borrowing Transaction) throws in
                try tx.execute(
                    "INSERT INTO organization_policy (organization_id, policy, updated_at, version) VALUES (?, ?, 1, 1)",
                    [.text(sample.organization.text), .text(text)]
                )
            }
            await #expect(throws: DatabaseError.self) {
                try await database.read { _ = try PolicyStore.get(of: sample.organization, in: $0) }
            }
        }
    }

    @Test(
        "CLI-2, ORG-6: service accounts are named once a workspace, paged, and kept when deleted",
        arguments: Engine.all
    )
    func accounts(engine: Engine) async throws {
        try await engine.withStore { database, sample in
            let role = role(sample, "Robot")
            let accounts = (0..<5).map { number in
                var account = sample.account("robot-\(number)")
                if number == 3 { account.customRole = role }
                return account
            }
            var deleted = accounts[0]
            deleted.state = .deleted
            deleted.version = 2
            let gone = deleted
            try await database.write { (tx: borrowing Transaction) throws in
                _ = try CustomRoleStore.insert(role, now: sample.start, in: tx)
                for account in accounts { #expect(try ServiceAccountStore.insert(account, in: tx)) }
                #expect(try ServiceAccountStore.insert(sample.account("robot-1"), in: tx) == false)
                #expect(try ServiceAccountStore.get(accounts[3].id, in: tx) == accounts[3])
                #expect(try CustomRoleStore.isUsed(role.id, in: tx))
                let now = sample.start
                #expect(try ServiceAccountStore.update(gone, expectedVersion: 1, now: now, in: tx))
                #expect(try ServiceAccountStore.update(gone, expectedVersion: 1, now: now, in: tx) == false)
                #expect(try ServiceAccountStore.get(gone.id, in: tx) == gone)
                #expect(try ServiceAccountStore.insert(sample.account("robot-0"), in: tx), "its name is free again")
            }
            let list = { @Sendable (after: ServiceAccountID?) async throws in
                try await database.read { tx in
                    try ServiceAccountStore.list(workspace: sample.workspace, after: after, limit: 3, in: tx)
                }
            }
            let first = try await list(nil)
            #expect(first.elements.map(\.name) == ["robot-0", "robot-4", "robot-3"])
            let rest = try await list(first.next.flatMap { ServiceAccountID($0.id) })
            #expect(rest.elements.map(\.name) == ["robot-2", "robot-1"])
            #expect(rest.next == nil)
        }
    }

    private static func fullPolicy(_ role: CustomRoleID) throws -> OrganizationPolicy {
        let scopes = try #require(ScopeSet([Scope(.agentsRead), Scope(.agentsRotate)]))
        return OrganizationPolicy(
            maximumLifetime: [.personal: .days(30), .service: .days(365)],
            expiryRequired: [.service],
            allowedScopes: [.organization(.member): scopes, .workspace(.viewer): scopes, .custom(role): scopes],
            serviceTokensNeedAddresses: true,
            maximumTokensPerOwner: 0,
            rotationInterval: [.service: .seconds(90)],
            environmentOverridesKeys: false
        )
    }
}
