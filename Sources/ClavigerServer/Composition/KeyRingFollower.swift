import ControlPlane
import Logging
import ServiceLifecycle
import Synchronization

/// Reads the key ring again when the data keys changed, until it could (OPS-2).
///
/// After `claviger master-key rotate` on another node this one finds data keys that its own master key does not open
/// until somebody copies the new one here. It goes on with what it has opened, and looks every few seconds.
final class KeyRingFollower: Service {
    private let keys: KeyRingService
    private let interval: Duration
    private let logger: Logger
    private let isBehind = Mutex(false)

    init(keys: KeyRingService, interval: Duration = .seconds(5), logger: Logger) {
        self.keys = keys
        self.interval = interval
        self.logger = logger
    }

    func run() async throws {
        try? await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                try await Task.sleep(for: self.interval)
                if self.isBehind.withLock({ $0 }) { await self.refresh() }
            }
        }
    }

    /// Reads the ring now; what fails is said once and tried again later.
    func refresh() async {
        do {
            try await keys.refresh()
            isBehind.withLock { $0 = false }
        } catch {
            let wasBehind = isBehind.withLock { behind in
                defer { behind = true }
                return behind
            }
            guard !wasBehind else { return }
            logger.error("the key ring could not be read again", metadata: ["error": "\(error)"])
        }
    }
}
