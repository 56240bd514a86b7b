import Domain
import SQLDatabase
import Store
import StrictJSON
import Testing

/// One object of each kind in an organization, by the word that stands before its id in templates.
struct TenantObjects: Sendable {
    private let ids: [String: String]

    /// Ids of the right form that nothing has.
    private static let free = [
        "agents": "agt_", "sessions": "crd_", "members": "mbr_", "roles": "rol_", "workspaces": "wsp_",
        "organizations": "org_", "invitations": "crd_", "plans": "pln_", "tokens": "crd_", "service-accounts": "sva_",
        "protected-apis": "api_", "identities": "sva_", "forward": "api_",
    ].mapValues { $0 + "00000000000000000000000001" }

    func id(_ segment: String) throws -> String {
        try #require(ids[segment], "say here how an object of “\(segment)” is made in another organization")
    }

    /// What belongs to the organization alone, by the word that stands before its id.
    var ofTenant: [(kind: String, id: String)] {
        ids.filter { $0.key != "plans" }.map { (kind: $0.key, id: $0.value) }.sorted { $0.kind < $1.kind }
    }

    func freeID(_ segment: String) throws -> String {
        if segment == "registered-scopes" { return "nobodys:read" }
        return try #require(Self.free[segment], "say here how an id of “\(segment)” looks that nothing has")
    }

    init(_ server: EdgeServer, owner: String) async throws {
        let me = try await server.call("GET", "/api/v1/me", token: owner).json
        let organization = try #require(me["organization"]?["id"]?.stringValue)
        let workspace = try #require(me["workspace"]?["id"]?.stringValue)
        let user = try #require(me["user"]?["id"]?.stringValue)
        let email = try #require(me["user"]?["email"]?.stringValue)
        let sessions = try await server.call("GET", "/api/v1/auth/sessions", token: owner).json
        let invited = try await server.call(
            "POST",
            "/api/v1/invitations",
            token: owner,
            body: #"{"email":"guest-\#(email)","role":"member"}"#
        )
        let scope = "of-\(email.prefix { $0 != "@" }):read"
        let store = try StoredObjects(organization, workspace, user, scope: scope)
        try await store.insert(into: server.database, now: server.clock.now())
        ids = [
            "organizations": organization,
            "workspaces": workspace,
            "agents": try await server.createAgent("theirs", owner: owner).id,
            "members": try await server.memberID(of: email, by: owner),
            "roles": try await server.role("Theirs", ["agents:read"], by: owner),
            "sessions": try #require(sessions["data"]?.arrayValue?.first?["id"]?.stringValue),
            "invitations": try #require(invited.json["invitation"]?["id"]?.stringValue, "\(invited.text)"),
            "plans": LimitPlan.free.id.text,
            "service-accounts": store.account.id.text,
            "identities": store.account.id.text,
            "tokens": store.token.id.text,
            "protected-apis": store.api.text,
            "forward": store.api.text,
            "registered-scopes": scope,
        ]
    }
}

/// What is put into the database directly.
private struct StoredObjects: Sendable {
    let account: ServiceAccount
    let token: APIToken
    let api: ProtectedAPIID
    private let organization: OrganizationID
    private let scope: String

    init(_ organization: String, _ workspace: String, _ user: String, scope: String) throws {
        self.scope = scope
        let clock = WallClock { Instant(microseconds: 1_795_222_207_000_000) }
        let ids = IDSource(clock: clock, random: .system)
        let organizationID = try #require(OrganizationID(organization))
        let workspaceID = try #require(WorkspaceID(workspace))
        let owner = Actor(kind: .user, id: user, name: nil)
        self.organization = organizationID
        api = ids.next()
        account = ServiceAccount(
            id: ids.next(),
            organizationID: organizationID,
            workspaceID: workspaceID,
            name: "theirs",
            role: .viewer,
            createdBy: owner,
            createdAt: clock.now()
        )
        let hash = try #require(TokenHash(bytes: RandomSource.system.bytes(32)))
        let userID = try #require(UserID(user))
        let scopes = try #require(ScopeSet([Scope(.agentsRead)]))
        token = APIToken(
            id: ids.next(),
            organizationID: organizationID,
            workspaceID: workspaceID,
            owner: .user(userID),
            profile: APITokenProfile(name: "theirs", description: "", scopes: scopes),
            current: APIToken.Current(
                stamp: TokenStamp(hash: StoredHash(pepperID: 1, hash: hash), prefix: "clv_pt_abcd"),
                issuedAt: clock.now(),
                expiresAt: nil
            ),
            createdBy: owner,
            createdAt: clock.now()
        )
    }

    func insert(into database: any Database, now: Instant) async throws {
        let (account, token, api, organization, scope) = (account, token, api, organization, scope)
        try await database.write { tx in
            _ = try ServiceAccountStore.insert(account, in: tx)
            _ = try APITokenStore.insert(token, now: now, in: tx)
            try tx.execute(
                """
                INSERT INTO protected_api (id, organization_id, name, audience, required_scopes, accepted_kinds,
                    created_at, updated_at, deleted_at)
                VALUES (?, ?, 'theirs', NULL, '[]', '["personal","service"]', 0, 0, NULL)
                """,
                [.text(api.text), .text(organization.text)]
            )
            try tx.execute(
                """
                INSERT INTO registered_scope (organization_id, name, description, is_sensitive, is_admin_only,
                    created_at, updated_at)
                VALUES (?, ?, '', 0, 0, 0, 0)
                """,
                [.text(organization.text), .text(scope)]
            )
        }
    }
}
