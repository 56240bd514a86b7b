import ControlPlane
import ServiceLifecycle

/// Tells the agents that the server stops: the last in the group, and so the first to end.
struct ChannelCloser: Service {
    let channels: ChannelService

    func run() async throws {
        try? await gracefulShutdown()
        channels.closeAll(.shutdown)
    }
}
