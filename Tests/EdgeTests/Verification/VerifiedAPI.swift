import ControlPlane
import Domain
import SQLDatabase
import Store
import StrictJSON
import Testing

/// A server with a protected API and tokens, made through the use cases.
struct VerifiedAPI: Sendable {
    let server: EdgeServer
    let owner: Caller
    let api: ProtectedAPI
    /// A token with `tokens:verify`.
    let verifier: Token
    let verifierID: CredentialID

    static func run(
        _ options: EdgeServer.Options = EdgeServer.Options(),
        kinds: Set<TokenKind> = [.personal, .service],
        _ body: @escaping @Sendable (VerifiedAPI) async throws -> Void
    ) async throws {
        try await EdgeServer.run(options) { server in
            let session = try await server.owner()
            let owner = try await AuthenticationService(
                context: server.context,
                denials: DenialRecorder(context: server.context)
            ).authenticate(bearer: session, origin: Self.origin)
            let organization = try #require(owner.organizationID)
            let api = ProtectedAPI(
                id: server.context.ids.next(),
                organizationID: organization,
                name: "Invoices",
                acceptedKinds: kinds
            )
            let now = server.clock.now()
            try await server.context.write { _ = try ProtectedAPIStore.insert(api, now: now, in: $0) }
            let grant = try await Self.create(server, owner, "verifier", ["tokens:verify"])
            try await body(
                VerifiedAPI(
                    server: server,
                    owner: owner,
                    api: api,
                    verifier: grant.token,
                    verifierID: grant.view.token.id
                )
            )
        }
    }

    private static let origin = Caller.anonymous(
        address: "127.0.0.1",
        userAgent: nil,
        requestID: "req-test",
        surface: .api
    )

    private static func create(
        _ server: EdgeServer,
        _ owner: Caller,
        _ name: String,
        _ scopes: [String],
        _ addresses: [String] = []
    ) async throws -> TokenGrant {
        let tokens = TokenService(
            context: server.context,
            limits: LimitService(context: server.context),
            routes: RouteActions()
        )
        let draft = APITokenDraft(name: name, scopes: scopes, addresses: addresses, expiry: .days(30))
        return try await tokens.create(draft, for: .caller, caller: owner)
    }

    func token(
        _ name: String,
        _ scopes: [String] = ["agents:read"],
        addresses: [String] = []
    ) async throws -> TokenGrant {
        try await Self.create(server, owner, name, scopes, addresses)
    }

    func revoke(_ grant: TokenGrant) async throws {
        let tokens = TokenService(
            context: server.context,
            limits: LimitService(context: server.context),
            routes: RouteActions()
        )
        _ = try await tokens.revoke(grant.view.token.id, reason: nil, caller: owner)
    }

    func forward(_ token: String?, headers: [String] = [], query: String = "", id: String? = nil) async throws -> Answer
    {
        try await server.call("GET", "/auth/forward/\(id ?? api.id.text)\(query)", token: token, headers: headers)
    }

    func verify(_ body: String, as token: String? = nil, headers: [String] = []) async throws -> Answer {
        let token = token ?? verifier.revealed()
        return try await server.call("POST", "/api/v1/tokens/verify", token: token, headers: headers, body: body)
    }

    func form(_ path: String, _ body: String, headers: [String]? = nil) async throws -> Answer {
        let credential = headers ?? ["Authorization: Bearer \(verifier.revealed())"]
        let type = ["Content-Type: application/x-www-form-urlencoded"]
        return try await server.call("POST", path, headers: credential + type, body: body)
    }

    /// Gives the organization a plan.
    func setPlan(_ limits: String) async throws {
        let (organization, plan) = (api.organizationID.text, (server.context.ids.next() as PlanID).text)
        try await server.context.write { tx in
            try tx.execute(
                """
                INSERT INTO plan (id, name, limits, is_built_in, created_at, updated_at, version)
                VALUES (?, ?, ?, 0, 0, 0, 1)
                """,
                [.text(plan), .text(plan), .text(limits)]
            )
            try tx.execute("UPDATE organization SET plan_id = ? WHERE id = ?", [.text(plan), .text(organization)])
        }
    }
}
