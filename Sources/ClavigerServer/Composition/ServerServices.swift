import ControlPlane
import Domain
import HTTPKernel
import Logging
import RESTAPI
import SQLDatabase
import ServiceLifecycle
import Store

/// The use cases of a server and what runs in their background.
struct ServerServices: Sendable {
    let authentication: AuthenticationService
    let channels: ChannelService
    let routes: RESTAPI.Services
    let setup: SetupService
    /// Filled once the edges are put together.
    let routeActions = RouteActions()
    let verification: VerificationService
    private let denials: DenialRecorder
    private let housekeeping: HousekeepingService
    private let rotations: RotationService
    private let snapshot: SettingsSnapshot
    private let status: FollowerStatus
    private let credentials: CredentialIndex
    private let nodes: NodeService
    private let notices: ExpiryNotices
    private let pace: LeasePace
    private let keys: KeyRingFollower
    private let foundation: ServerFoundation

    init(_ context: ControlPlaneContext, _ foundation: ServerFoundation) async throws {
        self.foundation = foundation
        credentials = context.credentials
        status = credentials.follower
        keys = KeyRingFollower(keys: foundation.keys, logger: context.logger)
        let settings = SettingsService(context: context)
        let snapshot = try await SettingsSnapshot(reading: settings, logger: context.logger)
        self.snapshot = snapshot
        denials = DenialRecorder(context: context)
        housekeeping = HousekeepingService(context: context)
        channels = ChannelService(context: context, settings: { snapshot.current }, denials: denials)
        let isAlone = foundation.database.dialect == .sqlite
        pace = isAlone ? .alone : .shared
        notices = ExpiryNotices(context: context, pace: pace)
        nodes = NodeService(
            channels: channels,
            status: status,
            version: ClavigerServer.version,
            pace: pace
        )
        rotations = RotationService(context: context, channels: channels)
        authentication = AuthenticationService(context: context, denials: denials)
        verification = VerificationService(
            context: context,
            authentication: authentication,
            denials: denials,
            limits: LimitService(context: context),
            usage: UsageRecorder(context: context),
            routes: routeActions
        )
        let passwords = PasswordService(context: context)
        setup = SetupService(context: context, passwords: passwords, denials: denials)
        let accounts = AccountService(context: context, passwords: passwords, denials: denials)
        routes = RESTAPI.Services(
            setup: setup,
            accounts: accounts,
            agents: AgentService(context: context, channels: channels),
            rotations: rotations,
            tokens: TokenServices(context: context, limits: verification.limits, routes: routeActions),
            identities: IdentityService(context: context, channels: channels, routes: routeActions),
            settings: settings,
            audit: AuditService(context: context),
            idempotency: IdempotencyService(context: context),
            access: AccessServices(context: context, accounts: accounts, routes: routeActions)
        )
    }

    /// What runs beside the application, in order of dependency.
    ///
    /// This node is entered among the others before.
    func background() async throws -> [any Service] {
        try await nodes.enter()
        let (snapshot, keys) = (snapshot, keys)
        let interval = foundation.configuration.settings.integer(ServerSetting.changePollMilliseconds)
        let follower = ChangeFollower(
            channels: channels,
            clock: foundation.clock,
            interval: .milliseconds(interval),
            status: status
        ) { news in
            if news.mayConcern(["setting"]) { await snapshot.refresh() }
            if news.mayConcern(["data_key", "pepper"]) { await keys.refresh() }
        }
        return [
            denials, housekeeping, keys, credentials, verification.usage, verification.limits, nodes,
            RotationDispatcher(channels: channels),
            follower,
            RotationScheduler(rotations: rotations, pace: pace), notices,
        ]
    }

    /// What keeps the server from answering now, a sentence each.
    func problems() async -> [String] {
        let reading = reading()
        if let pool = reading.pool, pool.open == 0 { return ["There is no connection to the database."] }
        // Nobody who asks for health is kept waiting for a database that does not answer.
        guard reading.isUp else { return ["The change log could not be followed for a second."] }
        do {
            try await foundation.database.read { tx in _ = try OrganizationStore.all(in: tx) }
            return []
        } catch {
            return ["The database can't be read."]
        }
    }

    /// How the database is and how far its change log was followed.
    func reading() -> DatabaseReading {
        let pool = foundation.opened.pool?()
        return DatabaseReading(
            isUp: status.isFresh(within: .seconds(1)) && pool?.open != 0,
            lag: status.lag,
            windowTransactions: Int(status.windowWidth),
            entries: Int(status.entries),
            pool: pool
        )
    }
}
