import ControlPlane
import Domain
import Logging
import Synchronization

/// The stored settings as this process knows them; read anew whenever the change log names one.
final class SettingsSnapshot: Sendable {
    private let values: Mutex<SettingValues>
    private let service: SettingsService
    private let logger: Logger

    init(reading service: SettingsService, logger: Logger) async throws {
        self.service = service
        self.logger = logger
        values = Mutex(try await service.values())
    }

    var current: SettingValues { values.withLock { $0 } }

    /// Reads the settings again; on a failure those that are known go on.
    func refresh() async {
        do {
            let newest = try await service.values()
            values.withLock { $0 = newest }
        } catch {
            logger.warning("settings could not be read", metadata: ["code": "\(error.code.rawValue)"])
        }
    }
}
