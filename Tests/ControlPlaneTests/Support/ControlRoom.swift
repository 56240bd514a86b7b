import ControlPlane
import Crypto
import Domain
import Logging
import SQLDatabase
import SQLiteDriver
import Store
import Synchronization
import TestDatabases
import Testing

/// A clock that a test moves by hand.
final class ManualClock: Sendable {
    private let time = Mutex(Instant(microseconds: 1_770_000_000_000_000))

    func now() -> Instant { time.withLock { $0 } }
    func advance(_ duration: Duration) { time.withLock { $0 += duration } }
}

/// The use cases of one node over a real database, with a clock moved by hand.
struct ControlRoom: Sendable {
    let database: any Database
    let clock: ManualClock
    let context: ControlPlaneContext
    let channels: ChannelService
    let agents: AgentService
    let rotations: RotationService
    let dispatcher: RotationDispatcher
    let scheduler: RotationScheduler
    let status = FollowerStatus()
    let nodes: NodeService
    let settings: SettingsBox
    let organization: OrganizationID
    let workspace: WorkspaceID

    /// Runs a test in a room of its own.
    static func with(
        settings: [SettingKey: Int] = [:],
        _ body: (ControlRoom) async throws -> Void
    ) async throws {
        try await ChosenEngine.withDatabase(
            embedded: { try SQLiteDatabase(.memory) },
            { try await body(ControlRoom($0, settings)) }
        )
    }

    private init(_ database: any Database, _ changes: [SettingKey: Int]) async throws {
        try self.init(
            database: database,
            clock: ManualClock(),
            settings: SettingsBox(changes),
            node: "node-1"
        )
        try await lay(clock.now())
    }

    var follower: ChangeFollower { ChangeFollower(channels: channels, status: status) }

    /// Where a follower of this node begins.
    func followed() async -> ChangeFollower.Position {
        var position = ChangeFollower.Position()
        await follower.poll(&position)
        return position
    }

    /// A second node of the same database.
    func another(_ node: String) throws -> ControlRoom {
        try ControlRoom(
            database: database,
            clock: clock,
            settings: settings,
            node: node,
            ids: (organization, workspace)
        )
    }

    private init(
        database: any Database,
        clock: ManualClock,
        settings: SettingsBox,
        node: String,
        ids known: (OrganizationID, WorkspaceID)? = nil
    ) throws {
        self.clock = clock
        self.database = database
        self.settings = settings
        let ids = IDSource(clock: WallClock { clock.now() }, random: .system)
        let hasher = TokenHasher(newest: Pepper(id: 1, secret: [UInt8](repeating: 7, count: 32)))
        context = ControlPlaneContext(
            database: database,
            now: { clock.now() },
            ids: ids,
            random: .system,
            hashers: TokenHasherSource(hasher),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            publicURL: "https://claviger.example.org",
            node: NodeIdentity(id: node, name: node)
        )
        channels = ChannelService(context: context, settings: { settings.current })
        agents = AgentService(context: context, channels: channels)
        rotations = RotationService(context: context, channels: channels)
        dispatcher = RotationDispatcher(channels: channels)
        scheduler = RotationScheduler(rotations: rotations)
        nodes = NodeService(channels: channels, status: status, version: "test", pace: .shared)
        organization = known?.0 ?? ids.next()
        workspace = known?.1 ?? ids.next()
    }

    private func lay(_ now: Instant) async throws {
        try await Schema.migrate(database, now: now.microseconds)
        let organization = organization
        let workspace = workspace
        try await database.write { tx in
            try tx.execute("INSERT INTO pepper (id, created_at) VALUES (1, ?)", [.int(now.microseconds)])
            try OrganizationStore.insert(Organization(id: organization, name: "Acme", createdAt: now), in: tx)
            try OrganizationStore.insert(
                Workspace(id: workspace, organizationID: organization, name: "Main", createdAt: now),
                in: tx
            )
        }
    }

    /// Somebody signed in, with all permissions unless said otherwise.
    func caller(_ permissions: PermissionSet = .all) -> Caller {
        Caller(
            actor: Actor(kind: .user, id: "usr_test", name: "owner@example.org"),
            organizationID: organization,
            workspaceID: workspace,
            address: "192.0.2.1",
            requestID: "req_test",
            surface: .api,
            rights: .holder(permissions)
        )
    }

    var owner: Caller { caller() }

    // MARK: Agents

    func create(_ name: String = "Agent") async throws -> InstallTokenGrant {
        try await agents.create(AgentDraft(name: name), caller: owner)
    }

    func enrol(_ grant: InstallTokenGrant, as machine: TestMachine) async throws -> EnrolmentGrant {
        try await agents.enroll(machine.enrolment(grant.token.revealed()), caller: stranger)
    }

    var stranger: Caller {
        .anonymous(address: "198.51.100.7", userAgent: nil, requestID: "req_enrol", surface: .api)
    }

    /// An agent that is enrolled and has a channel open.
    func connectedAgent(_ name: String = "Agent") async throws -> TestAgent {
        let agent = try await enrolledAgent(name)
        try await agent.connect()
        return agent
    }

    func enrolledAgent(_ name: String = "Agent") async throws -> TestAgent {
        let created = try await create(name)
        let machine = TestMachine()
        let enrolled = try await enrol(created, as: machine)
        return TestAgent(room: self, machine: machine, enrolled: enrolled)
    }

    // MARK: What the database says

    func credential(_ id: CredentialID) async throws -> Credential {
        let found = try await database.read { tx in try CredentialStore.get(id, in: tx) }
        return try #require(found)
    }

    func events(_ id: AgentID) async throws -> [AgentEvent.Kind] {
        try await agents.events(id, AgentEventQuery(limit: 200), caller: owner).items.map(\.kind)
    }

    func auditActions() async throws -> [String] {
        let organization = organization
        return try await database.read { tx in
            try AuditStore.list(organization: organization, limit: 500, in: tx).elements.map(\.action)
        }
    }
}

/// Settings that a test changes.
final class SettingsBox: Sendable {
    private struct Values {
        var server = SettingValues()
        var own: [OrganizationID: [SettingKey: Int]] = [:]
    }

    private let box: Mutex<Values>

    init(_ changes: [SettingKey: Int]) {
        var values = Values()
        _ = values.server.change(changes)
        box = Mutex(values)
    }

    var current: OrganizationSettings { box.withLock { OrganizationSettings(server: $0.server, own: $0.own) } }

    func change(_ key: SettingKey, to value: Int) {
        box.withLock { _ = $0.server.change([key: value]) }
    }

    /// What an organization narrows for itself.
    func narrow(_ key: SettingKey, to value: Int, of organization: OrganizationID) {
        box.withLock { $0.own[organization, default: [:]][key] = value }
    }
}
