import ClavigerAgent
import ClavigerWire
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOWebSocket
import StrictJSON
import Synchronization
import Transport

/// One HTTP request as the fake server saw it.
struct SeenRequest: Sendable {
    let method: HTTPMethod
    let path: String
    let headers: HTTPHeaders
    let body: [UInt8]

    /// The bearer token, or an empty text.
    var token: String {
        headers.first(name: "Authorization").map { String($0.dropFirst("Bearer ".count)) } ?? ""
    }
}

/// What the fake server does with a request.
enum FakeReply: Sendable {
    case answer(Int, [(String, String)] = [], String = "")
    /// The handshake succeeds and a channel begins.
    case upgrade
    /// The connection is closed without an answer.
    case drop
    /// Nothing is ever answered.
    case silence

    static func problem(_ status: Int, _ code: String, headers: [(String, String)] = []) -> FakeReply {
        .answer(
            status,
            headers + [("Content-Type", "application/problem+json; charset=utf-8")],
            #"{"type":"x","title":"x","status":\#(status),"code":"\#(code)","new_field":1}"#
        )
    }

    static func json(_ status: Int, _ body: String) -> FakeReply {
        .answer(status, [("Content-Type", "application/json")], body)
    }
}

/// A server on 127.0.0.1 whose answers are given by the test.
final class FakeServer: Sendable {
    typealias Responder = @Sendable (SeenRequest) -> FakeReply
    typealias ChannelStarter = @Sendable (FakeChannel) -> Void

    let url: String
    private let group: MultiThreadedEventLoopGroup
    private let listener: any Channel

    /// Starts a server, gives it to the body, and stops it.
    static func run(
        _ responder: @escaping Responder,
        onChannel: @escaping ChannelStarter = { _ in },
        _ body: (FakeServer) async throws -> Void
    ) async throws {
        let server = try await FakeServer(responder, onChannel)
        do {
            try await body(server)
        } catch {
            await server.stop()
            throw error
        }
        await server.stop()
    }

    private init(_ responder: @escaping Responder, _ onChannel: @escaping ChannelStarter) async throws {
        group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let timeouts = WebSocketTimeouts(tick: .milliseconds(50))
        listener = try await ServerBootstrap(group: group)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.addHandlers(
                        HTTPResponseEncoder(),
                        ByteToMessageHandler(HTTPRequestDecoder()),
                        FakeServerHandler(responder: responder, onChannel: onChannel, timeouts: timeouts)
                    )
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        url = "http://127.0.0.1:\(listener.localAddress?.port ?? 0)"
    }

    private func stop() async {
        try? await listener.close()
        try? await group.shutdownGracefully()
    }
}

private final class FakeServerHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let responder: FakeServer.Responder
    private let onChannel: FakeServer.ChannelStarter
    private let timeouts: WebSocketTimeouts
    private var head: HTTPRequestHead?
    private var body: [UInt8] = []

    init(
        responder: @escaping FakeServer.Responder,
        onChannel: @escaping FakeServer.ChannelStarter,
        timeouts: WebSocketTimeouts
    ) {
        self.responder = responder
        self.onChannel = onChannel
        self.timeouts = timeouts
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): self.head = head
        case .body(let part): body += part.readableBytesView
        case .end:
            guard let head else { return }
            reply(
                to: SeenRequest(method: head.method, path: head.uri, headers: head.headers, body: body),
                head,
                context
            )
        }
    }

    private func reply(to request: SeenRequest, _ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        switch responder(request) {
        case .answer(let status, let fields, let text):
            var headers = HTTPHeaders(fields)
            headers.replaceOrAdd(name: "Content-Length", value: "\(text.utf8.count)")
            write(HTTPResponseHead(version: .http1_1, status: .init(statusCode: status), headers: headers), context)
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: text)))), promise: nil)
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        case .upgrade: upgrade(request, head, context)
        case .drop: context.close(promise: nil)
        case .silence: break
        }
    }

    private func upgrade(_ request: SeenRequest, _ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        let upgrader = NIOWebSocketServerUpgrader(
            shouldUpgrade: { channel, _ in channel.eventLoop.makeSucceededFuture([:]) },
            upgradePipelineHandler: { channel, _ in channel.eventLoop.makeSucceededVoidFuture() }
        )
        let answer = upgrader.buildUpgradeResponse(
            channel: context.channel,
            upgradeRequest: head,
            initialResponseHeaders: [:]
        )
        answer.assumeIsolated().whenSuccess { [self] headers in
            var headers = headers
            headers.replaceOrAdd(name: "Sec-WebSocket-Protocol", value: ChannelProtocol.subprotocol)
            headers.replaceOrAdd(name: "Upgrade", value: "websocket")
            headers.replaceOrAdd(name: "Connection", value: "upgrade")
            write(HTTPResponseHead(version: .http1_1, status: .switchingProtocols, headers: headers), context)
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
            let pipeline = context.pipeline.syncOperations
            let session = WebSocketSessionHandler(
                configuration: WebSocketConfiguration(role: .server, closeTimeout: .seconds(1)),
                timeouts: timeouts,
                delegate: FakeChannelDelegate(request: request, onChannel: onChannel)
            )
            do {
                let encoder = try pipeline.context(handlerType: HTTPResponseEncoder.self)
                let decoder = try pipeline.context(handlerType: ByteToMessageHandler<HTTPRequestDecoder>.self)
                pipeline.removeHandler(context: decoder, promise: nil)
                pipeline.removeHandler(context: encoder, promise: nil)
                try session.install(in: pipeline, position: .before(self))
            } catch {
                context.close(promise: nil)
            }
        }
    }

    private func write(_ head: HTTPResponseHead, _ context: ChannelHandlerContext) {
        context.write(wrapOutboundOut(.head(head)), promise: nil)
    }
}

/// The server's end of one channel.
///
/// What arrives is handed to the test's closure, on the event loop.
final class FakeChannel: Sendable {
    let session: WebSocketSession
    let request: SeenRequest
    private let receiver = Mutex<(@Sendable (JSONRPCMessage) -> Void)?>(nil)
    private let ended = Mutex<WebSocketClosure?>(nil)

    init(session: WebSocketSession, request: SeenRequest) {
        self.session = session
        self.request = request
    }

    var closure: WebSocketClosure? { ended.withLock { $0 } }

    func onMessage(_ receive: @escaping @Sendable (JSONRPCMessage) -> Void) { receiver.withLock { $0 = receive } }

    func send(_ message: JSONRPCMessage) { session.send(text: message.text) }

    func receive(_ text: String) {
        guard let message = try? JSONRPCMessage(reading: Array(text.utf8)) else { return }
        receiver.withLock { $0 }?(message)
    }

    func close(_ closure: WebSocketClosure) { ended.withLock { $0 = closure } }
}

private final class FakeChannelDelegate: WebSocketSessionDelegate {
    private let request: SeenRequest
    private let onChannel: FakeServer.ChannelStarter
    private var channel: FakeChannel?

    init(request: SeenRequest, onChannel: @escaping FakeServer.ChannelStarter) {
        self.request = request
        self.onChannel = onChannel
    }

    func sessionOpened(_ session: WebSocketSession) {
        let channel = FakeChannel(session: session, request: request)
        self.channel = channel
        onChannel(channel)
    }

    func session(_ session: WebSocketSession, didReceive text: String) { channel?.receive(text) }

    func session(_ session: WebSocketSession, didClose closure: WebSocketClosure) { channel?.close(closure) }
}
