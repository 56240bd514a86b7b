import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// A server on 127.0.0.1 that speaks bytes: what it says is decided by the test, from what it has received so far.
final class RawServer: Sendable {
    /// What to do after some bytes arrived.
    ///
    /// Called with everything a connection has received.
    enum Step: Sendable {
        case wait
        case send(String)
        case sendBytes([UInt8])
        case sendThenClose(String)
        case close
    }

    typealias Script = @Sendable (_ received: [UInt8]) -> Step

    let port: Int
    private let listener: any Channel
    private let group: MultiThreadedEventLoopGroup

    static func run(
        tls: NIOSSLContext? = nil,
        _ script: @escaping Script,
        _ body: (RawServer) async throws -> Void
    ) async throws {
        let server = try await RawServer(tls, script)
        do {
            try await body(server)
        } catch {
            await server.stop()
            throw error
        }
        await server.stop()
    }

    private init(_ tls: NIOSSLContext?, _ script: @escaping Script) async throws {
        group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let log = SeenBytes()
        listener = try await ServerBootstrap(group: group)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    if let tls { try pipeline.addHandler(NIOSSLServerHandler(context: tls)) }
                    try pipeline.addHandler(ScriptHandler(script: script, log: log))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        port = listener.localAddress?.port ?? 0
        self.log = log
    }

    private let log: SeenBytes

    /// What each connection has sent, as text.
    var received: [String] { log.all.withLock { $0.map { String(decoding: $0, as: UTF8.self) } } }

    private func stop() async {
        try? await listener.close()
        try? await group.shutdownGracefully()
    }
}

final class SeenBytes: Sendable {
    let all = Mutex<[[UInt8]]>([])

    func open() -> Int {
        all.withLock {
            $0.append([])
            return $0.count - 1
        }
    }

    func add(_ bytes: [UInt8], to index: Int) -> [UInt8] {
        all.withLock {
            $0[index] += bytes
            return $0[index]
        }
    }
}

private final class ScriptHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer
    private let script: RawServer.Script
    private let log: SeenBytes
    private var index = 0

    init(script: @escaping RawServer.Script, log: SeenBytes) {
        self.script = script
        self.log = log
    }

    func channelActive(context: ChannelHandlerContext) {
        index = log.open()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let received = log.add(Array(unwrapInboundIn(data).readableBytesView), to: index)
        switch script(received) {
        case .wait: break
        case .send(let text): context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
        case .sendBytes(let bytes):
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
        case .sendThenClose(let text):
            let written = context.eventLoop.makePromise(of: Void.self)
            written.futureResult.assumeIsolated().whenComplete { _ in context.close(promise: nil) }
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text)), promise: written)
        case .close: context.close(promise: nil)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
