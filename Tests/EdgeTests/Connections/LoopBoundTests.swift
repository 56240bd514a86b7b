import HTTPKernel
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
import Synchronization
import Testing

@Suite("Connections on their event loops")
struct LoopBoundTests {
    private struct Value: ServerChildChannelValue {
        let channel: any Channel
    }

    /// Notes where the parts of a connection's task run.
    private final class Probe: ServerChildChannel {
        let isOnLoop = Mutex<[Bool]>([])

        func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
            channel.eventLoop.makeSucceededFuture(Value(channel: channel))
        }

        func handle(value: Value, logger: Logger) async {
            note(value.channel)
            try? await Task.sleep(for: .milliseconds(1))
            note(value.channel)
            await withTaskGroup { group in group.addTask { self.note(value.channel) } }
        }

        private func note(_ channel: any Channel) { isOnLoop.withLock { $0.append(channel.eventLoop.inEventLoop) } }
    }

    @Test("a connection is served by the event loop that reads it, after every wait too")
    func isServedByItsLoop() async throws {
        let probe = Probe()
        let bound = LoopBoundChannel(probe)
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(host: "127.0.0.1", port: 0).get()
        let logger = Logger(label: "test")
        let value = try await bound.setup(channel: channel, logger: logger).get()
        await bound.handle(value: value, logger: logger)
        try await channel.close()
        #expect(probe.isOnLoop.withLock { $0 } == [true, true, true])
    }
}
