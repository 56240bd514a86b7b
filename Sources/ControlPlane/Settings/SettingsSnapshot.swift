package import Domain
package import Logging
internal import Synchronization

/// The stored settings as this process knows them; read anew whenever the change log names one.
package final class SettingsSnapshot: Sendable {
    private let settings: Mutex<OrganizationSettings>
    private let service: SettingsService
    private let logger: Logger

    /// Reads them for the first time.
    package init(reading service: SettingsService, logger: Logger) async throws(ControlPlaneError) {
        self.service = service
        self.logger = logger
        settings = Mutex(try await service.values())
    }

    package var current: OrganizationSettings { settings.withLock { $0 } }

    /// Reads the settings again; on a failure those that are known go on.
    package func refresh() async {
        do {
            let newest = try await service.values()
            settings.withLock { $0 = newest }
        } catch {
            logger.warning("settings could not be read", metadata: ["code": "\(error.code.rawValue)"])
        }
    }
}
