import AgentChannel
import ControlPlane
import Domain
import HTTPKernel
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
import RESTAPI
import SQLDatabase
import ServiceLifecycle
import Store
import Testing

/// What a server under test is put together from.
struct EdgeParts: Sendable {
    let log = LogBook()
    let metrics = MetricsRegistry()
    let clock = ShiftedClock()
    let channels: ChannelService
    let routes: [Route]
    let setupSecret: String
    let context: ControlPlaneContext
    let background: [any Service]
    private let responder: EdgeResponder
    private let endpoint: AgentChannelEndpoint
    private let limits: EdgeLimits

    init(_ options: EdgeServer.Options, _ database: any Database) async throws {
        let clock = clock
        let context = Self.context(options, database, clock, log)
        try await Schema.migrate(database, now: clock.now().microseconds)
        try await database.write { tx in
            try tx.execute("INSERT INTO pepper (id, created_at) VALUES (1, ?)", [.int(clock.now().microseconds)])
        }
        let denials = DenialRecorder(context: context)
        let passwords = PasswordService(context: context, parameters: .init(logN: 10, r: 8, p: 1))
        let snapshot = try await SettingsSnapshot(
            reading: SettingsService(context: context),
            logger: log.logger()
        )
        channels = ChannelService(context: context, settings: { snapshot.current }, denials: denials)
        let setup = SetupService(context: context, passwords: passwords, denials: denials)
        let secret = try await setup.firstStart(caller: .host(user: "root", requestID: "req-start"))
        setupSecret = try #require(secret).token.revealed()
        let follower = ChangeFollower(channels: channels, status: context.credentials.follower) { news in
            if news.mayConcern(["setting"]) { await snapshot.refresh() }
        }
        let authentication = AuthenticationService(context: context, denials: denials)
        let actions = RouteActions()
        let verification = VerificationService(context, authentication, denials, actions)
        self.context = context
        background = [
            denials, RotationDispatcher(channels: channels), context.credentials, verification.limits,
            verification.usage, follower,
        ]
        let configuration = try #require(
            EdgeConfiguration(publicURL: options.publicURL, proxies: options.proxies, limits: options.limits)
        )
        let services = Self.services(context, channels, setup, passwords, denials, verification.limits, actions)
        let table = options.routes(services, configuration)
        routes = table + VerificationPaths.routes
        actions.fill(routes.scopeActions)
        limits = options.limits
        let paths = VerificationPaths(service: verification, configuration: configuration, registry: metrics)
        responder = EdgeResponder(
            routes: RouteTable(table, metrics: metrics),
            hot: Self.operation(options, configuration, metrics).hot.merging(paths.hot) { first, _ in first },
            prefixed: paths.prefixed,
            authenticator: Authenticator(service: authentication),
            meter: TokenMeter(service: verification),
            configuration: configuration,
            metrics: metrics
        )
        endpoint = AgentChannelEndpoint(
            service: channels,
            configuration: configuration,
            limits: options.channel,
            metrics: metrics,
            now: { clock.now() },
            random: .system,
            logger: log.logger()
        )
    }

    private static func services(
        _ context: ControlPlaneContext,
        _ channels: ChannelService,
        _ setup: SetupService,
        _ passwords: PasswordService,
        _ denials: DenialRecorder,
        _ limits: LimitService,
        _ actions: RouteActions
    ) -> RESTAPI.Services {
        let accounts = AccountService(context: context, passwords: passwords, denials: denials)
        return RESTAPI.Services(
            setup: setup,
            accounts: accounts,
            agents: AgentService(context: context, channels: channels),
            rotations: RotationService(context: context, channels: channels),
            tokens: TokenServices(context: context, limits: limits, routes: actions),
            identities: IdentityService(context: context, channels: channels, routes: actions),
            settings: SettingsService(context: context),
            audit: AuditService(context: context),
            idempotency: IdempotencyService(context: context),
            access: AccessServices(context: context, accounts: accounts, routes: actions)
        )
    }

    private static func context(
        _ options: EdgeServer.Options,
        _ database: any Database,
        _ clock: ShiftedClock,
        _ log: LogBook
    ) -> ControlPlaneContext {
        ControlPlaneContext(
            database: database,
            now: { clock.now() },
            ids: IDSource(clock: WallClock { clock.now() }, random: .system),
            random: .system,
            hashers: TokenHasherSource(TokenHasher(newest: Pepper(id: 1, secret: [UInt8](repeating: 7, count: 32)))),
            logger: log.logger(),
            publicURL: options.publicURL,
            credentials: CredentialIndex(bounds: patience)
        )
    }

    /// Many servers share the machine in a run of the tests.
    private static var patience: IndexLoads.Bounds {
        var bounds = IndexLoads.Bounds()
        bounds.wait = .seconds(30)
        return bounds
    }

    private static func operation(
        _ options: EdgeServer.Options,
        _ configuration: EdgeConfiguration,
        _ metrics: MetricsRegistry
    ) -> OperationPaths {
        let reading = reading
        DatabaseMetrics.register(in: metrics) { reading }
        return OperationPaths(
            configuration: configuration,
            registry: metrics,
            metricsToken: options.metricsToken,
            problems: { options.problems },
            reading: { reading }
        )
    }

    /// What a database with a pool would say.
    private static let reading = DatabaseReading(
        isUp: true,
        lag: .milliseconds(12),
        windowTransactions: 3,
        entries: 40,
        pool: .init(open: 8, busy: 1, wanted: 8, waiting: 0)
    )

    func application(onPort: @escaping @Sendable (Int) -> Void) -> some ApplicationProtocol {
        let endpoint = endpoint
        let server = EdgeConnections.builder(limits: limits, metrics: ConnectionMetrics(metrics)) {
            [ChannelUpgradeHandler(endpoint: endpoint)]
        }
        return Application(
            responder: responder,
            server: server,
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { onPort($0.localAddress?.port ?? 0) },
            eventLoopGroupProvider: .singleton,
            logger: log.logger()
        )
    }
}

extension VerificationService {
    fileprivate init(
        _ context: ControlPlaneContext,
        _ authentication: AuthenticationService,
        _ denials: DenialRecorder,
        _ actions: RouteActions
    ) {
        self.init(
            context: context,
            authentication: authentication,
            denials: denials,
            limits: LimitService(context: context),
            usage: UsageRecorder(context: context),
            routes: actions
        )
    }
}

extension EdgeServer.Options {
    fileprivate func routes(_ services: RESTAPI.Services, _ configuration: EdgeConfiguration) -> [Route] {
        let api = RESTAPI(
            services: services,
            configuration: configuration,
            binaries: binaries,
            agentImage: agentImage
        )
        return api.routes
    }
}
