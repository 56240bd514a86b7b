import NIOCore
import NIOPosix
import Synchronization
import Testing

/// A bare TCP connection to a server under test: sends any bytes, keeps all that came.
final class Wire: Sendable {
    private struct State {
        var received: [UInt8] = []
        var isClosed = false
    }

    private let channel: any Channel
    private let state: Box

    private final class Box: Sendable {
        let value = Mutex(State())
    }

    private final class Collector: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        let box: Box

        init(_ box: Box) { self.box = box }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let bytes = Array(unwrapInboundIn(data).readableBytesView)
            box.value.withLock { $0.received += bytes }
        }

        func channelInactive(context: ChannelHandlerContext) {
            box.value.withLock { $0.isClosed = true }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            context.close(promise: nil)
        }
    }

    private init(_ channel: any Channel, _ box: Box) {
        self.channel = channel
        state = box
    }

    /// Connects; what is said at once is sent by the event loop itself, however busy this process is.
    static func connect(port: Int, saying text: String = "") async throws -> Wire {
        let box = Box()
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Collector(box))
                }
            }
            .connect(host: "127.0.0.1", port: port)
            .flatMap { channel in
                guard !text.isEmpty else { return channel.eventLoop.makeSucceededFuture(channel) }
                return channel.writeAndFlush(ByteBuffer(string: text)).map { channel }
            }
            .get()
        return Wire(channel, box)
    }

    func send(_ text: String) async throws {
        try await send(Array(text.utf8))
    }

    /// Sends bytes; a connection the server has closed already takes them silently.
    func send(_ bytes: [UInt8]) async throws {
        try? await channel.writeAndFlush(ByteBuffer(bytes: bytes))
    }

    /// Sends a text in two parts, the second so much later by the event loop's clock.
    func send(_ text: String, cutAfter count: Int, pause: TimeAmount) async throws {
        let (channel, rest) = (channel, String(text.dropFirst(count)))
        try? await channel.writeAndFlush(ByteBuffer(string: String(text.prefix(count))))
            .flatMap {
                channel.eventLoop.flatScheduleTask(in: pause) {
                    channel.writeAndFlush(ByteBuffer(string: rest))
                }.futureResult
            }
            .get()
    }

    /// Takes no more bytes from the server, or takes them again.
    func setReading(_ reads: Bool) async throws {
        try await channel.setOption(.autoRead, value: reads).get()
    }

    func close() async {
        try? await channel.close()
    }

    var received: [UInt8] { state.value.withLock { $0.received } }
    var text: String { String(decoding: received, as: UTF8.self) }
    var isClosed: Bool { state.value.withLock { $0.isClosed } }

    /// Drops what has come so far, up to a count.
    func drop(_ count: Int) {
        state.value.withLock { $0.received.removeFirst(min(count, $0.received.count)) }
    }

    /// Waits until the server has closed.
    func awaitClose(_ limit: Duration = .seconds(10)) async throws {
        try await eventually("the connection is closed", within: limit) { self.isClosed }
    }
}

/// Waits until a condition holds, or fails the test.
func eventually(
    _ what: String,
    within limit: Duration = .seconds(30),
    _ condition: () async throws -> Bool
) async throws {
    let end = ContinuousClock.now + limit
    while ContinuousClock.now < end {
        if try await condition() { return }
        try await Task.sleep(for: .milliseconds(5))
    }
    throw WaitedTooLong(what: what)
}

struct WaitedTooLong: Error, CustomStringConvertible {
    let what: String
    var description: String { "did not happen in time: \(what)" }
}
