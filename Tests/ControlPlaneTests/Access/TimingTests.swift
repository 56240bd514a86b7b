import ControlPlane
import Domain
import SQLDatabase
import Store
import Testing

@Suite("Another organization's id takes as long as one that nothing has", .serialized)
struct TimingTests {
    @Test("ORG-1: Welch's t over interleaved samples stays below 4.5 for another tenant's id against a free one")
    func welch() async throws {
        try await AccessBench.run { bench in
            let (_, ada) = try await bench.owner()
            let foreign = try await Tenant(bench)
            let channels = ChannelService(context: bench.context, settings: { OrganizationSettings() })
            let agents = AgentService(context: bench.context, channels: channels)
            let members = MemberService(context: bench.context, routes: RouteActions())
            let roles = RoleService(context: bench.context, routes: RouteActions())
            let tokens = TokenService(
                context: bench.context,
                limits: LimitService(context: bench.context),
                routes: RouteActions()
            )
            let workspaces = WorkspaceService(context: bench.context)
            try await Welch.check("agent", foreign.agent) { try await agents.get($0, caller: ada) }
            try await Welch.check("member", foreign.member) { try await members.get($0, caller: ada) }
            try await Welch.check("role", foreign.role) { try await roles.get($0, caller: ada) }
            try await Welch.check("token", foreign.token) { try await tokens.get($0, caller: ada) }
            let accounts = ServiceAccountService(context: bench.context, routes: RouteActions())
            let apis = ProtectedAPIService(context: bench.context)
            try await Welch.check("account", foreign.account) { try await accounts.get($0, caller: ada) }
            try await Welch.check("API", foreign.api) { try await apis.get($0, caller: ada) }
            try await Welch.check("workspace", foreign.workspace) { try await workspaces.get($0, caller: ada) }
        }
    }
}

/// Objects of another organization.
private struct Tenant: Sendable {
    let agent: AgentID
    let member: MembershipID
    let role: CustomRoleID
    let token: CredentialID
    let workspace: WorkspaceID
    let account: ServiceAccountID
    let api: ProtectedAPIID

    init(_ bench: AccessBench) async throws {
        let (ids, now) = (bench.context.ids, bench.clock.now())
        let organization = Organization(id: ids.next(), name: "Other", createdAt: now)
        let place = Workspace(id: ids.next(), organizationID: organization.id, name: "Other", createdAt: now)
        let stranger = Caller(
            actor: .system("test"),
            organizationID: organization.id,
            workspaceID: place.id,
            requestID: "req",
            surface: .job,
            rights: .holder(.all)
        )
        let email = try #require(EmailAddress("bob@example.org"))
        let user = UserAccount(
            id: ids.next(),
            email: email,
            name: "Bob",
            passwordHash: nil,
            passwordChangedAt: nil,
            createdAt: now,
            updatedAt: now
        )
        let memberID: MembershipID = ids.next()
        let token = try Self.token(bench, organization.id, place.id, user.id, stranger)
        try await bench.database.write { tx in
            try OrganizationStore.insert(organization, in: tx)
            try OrganizationStore.insert(place, in: tx)
            _ = try UserStore.insert(user, in: tx)
            let owner = Membership(role: OrganizationRole.owner, status: .active)
            _ = try MembershipStore.insert(
                owner,
                id: memberID,
                user: user.id,
                organization: organization.id,
                now: now,
                in: tx
            )
            _ = try APITokenStore.insert(token, now: now, in: tx)
        }
        let channels = ChannelService(context: bench.context, settings: { OrganizationSettings() })
        agent = try await AgentService(context: bench.context, channels: channels)
            .create(AgentDraft(name: "theirs"), caller: stranger).agent.agent.id
        role = try await RoleService(context: bench.context, routes: RouteActions())
            .create(CustomRoleDraft(name: "R", permissions: ["agents:read"]), caller: stranger).id
        account = try await ServiceAccountService(context: bench.context, routes: RouteActions())
            .create(ServiceAccountDraft(name: "theirs", role: .viewer), caller: stranger).account.id
        api = try await ProtectedAPIService(context: bench.context)
            .create(ProtectedAPIDraft(name: "theirs"), caller: stranger).id
        member = memberID
        self.token = token.id
        workspace = place.id
    }

    private static func token(
        _ bench: AccessBench,
        _ organization: OrganizationID,
        _ workspace: WorkspaceID,
        _ user: UserID,
        _ creator: Caller
    ) throws -> APIToken {
        let scopes = try #require(ScopeSet([Scope(.agentsRead)]))
        let now = bench.clock.now()
        return APIToken(
            id: bench.context.ids.next(),
            organizationID: organization,
            workspaceID: workspace,
            owner: .user(user),
            profile: APITokenProfile(name: "t", description: "", scopes: scopes),
            current: APIToken.Current(
                stamp: TokenStamp(
                    hash: bench.context.hasher.hash(Token.make(.personal, random: .system)),
                    prefix: "clv_pt_abcd"
                ),
                issuedAt: now,
                expiresAt: nil
            ),
            createdBy: creator.actor,
            createdAt: now
        )
    }
}

/// Welch's t-test for two kinds of ids, asked for in turn in an order that nobody can foresee.
private enum Welch {
    static let samples = 1500

    /// A busy machine is forgiven twice; what really differs, differs three times.
    static func check<ID: EntityID, T>(_ name: String, _ foreign: ID, _ ask: (ID) async throws -> T) async throws {
        let free = ID(value: TypeIDValue(high: 0x0190_0000_0000_7000, low: 1 << 63 | 77))
        var seen: [Double] = []
        for _ in 1...3 {
            let t = try await t(foreign, free, ask)
            if abs(t) < 4.5 { return }
            seen.append(t)
        }
        Issue.record("\(name): t was \(seen)")
    }

    private static func t<ID, T>(_ foreign: ID, _ free: ID, _ ask: (ID) async throws -> T) async throws -> Double {
        let clock = ContinuousClock()
        var times: (foreign: [Double], free: [Double]) = ([], [])
        for _ in 0..<50 { _ = try? await ask(free) }
        for isForeign in (0..<samples * 2).map({ $0.isMultiple(of: 2) }).shuffled() {
            let start = clock.now
            await expectRefusal(.notFound) { try await ask(isForeign ? foreign : free) }
            let seconds = Double((clock.now - start).components.attoseconds) / 1e18
            if isForeign { times.foreign.append(seconds) } else { times.free.append(seconds) }
        }
        // The slowest tenth of both is the scheduler's, not the store's.
        let bound = (times.foreign + times.free).sorted()[samples * 2 * 9 / 10]
        let (left, right) = (times.foreign.filter { $0 <= bound }, times.free.filter { $0 <= bound })
        let (a, b) = (moments(left), moments(right))
        return (a.mean - b.mean) / (a.variance / Double(left.count) + b.variance / Double(right.count)).squareRoot()
    }

    private static func moments(_ values: [Double]) -> (mean: Double, variance: Double) {
        let mean = values.reduce(0, +) / Double(values.count)
        let sum = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return (mean, sum / Double(values.count - 1))
    }
}
