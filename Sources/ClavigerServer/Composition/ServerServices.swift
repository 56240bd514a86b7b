import ControlPlane
import Domain
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
    private let denials: DenialRecorder
    private let housekeeping: HousekeepingService
    private let rotations: RotationService
    private let snapshot: SettingsSnapshot
    private let freshness = PollFreshness()
    private let foundation: ServerFoundation

    init(_ context: ControlPlaneContext, _ foundation: ServerFoundation) async throws {
        self.foundation = foundation
        let settings = SettingsService(context: context)
        let snapshot = try await SettingsSnapshot(reading: settings, logger: context.logger)
        self.snapshot = snapshot
        denials = DenialRecorder(context: context)
        housekeeping = HousekeepingService(context: context)
        channels = ChannelService(context: context, settings: { snapshot.current }, denials: denials)
        rotations = RotationService(context: context, channels: channels)
        authentication = AuthenticationService(context: context, denials: denials)
        let passwords = PasswordService(context: context)
        setup = SetupService(context: context, passwords: passwords, denials: denials)
        routes = RESTAPI.Services(
            setup: setup,
            accounts: AccountService(context: context, passwords: passwords, denials: denials),
            agents: AgentService(context: context, channels: channels),
            rotations: rotations,
            settings: settings,
            audit: AuditService(context: context),
            idempotency: IdempotencyService(context: context)
        )
    }

    /// What runs beside the application, in order of dependency.
    func background(node: String) -> [any Service] {
        let (snapshot, keys, logger) = (snapshot, foundation.keys, foundation.logger)
        let interval = foundation.configuration.settings.integer(ServerSetting.changePollMilliseconds)
        let follower = ChangeFollower(
            channels: channels,
            interval: .milliseconds(interval),
            freshness: freshness
        ) { changes in
            let kinds = Set(changes.map(\.kind))
            if kinds.contains("setting") { await snapshot.refresh() }
            if kinds.contains("data_key") || kinds.contains("pepper") { await Self.refresh(keys, logger) }
        }
        return [
            denials, housekeeping, RotationDispatcher(channels: channels), follower,
            RotationScheduler(rotations: rotations, node: node),
        ]
    }

    /// What keeps the server from answering now, a sentence each.
    func problems() async -> [String] {
        do {
            try await foundation.database.read { tx in _ = try OrganizationStore.all(in: tx) }
            return freshness.isFresh(within: .seconds(1)) ? [] : ["The change log could not be followed for a second."]
        } catch {
            return ["The database can't be read."]
        }
    }

    private static func refresh(_ keys: KeyRingService, _ logger: Logger) async {
        do {
            try await keys.refresh()
        } catch {
            logger.error("the key ring could not be read again", metadata: ["error": "\(error)"])
        }
    }
}
