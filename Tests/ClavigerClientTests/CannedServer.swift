import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// A server on loopback that answers every request with the same bytes and remembers what it was asked.
struct CannedServer {
    /// One request as it arrived.
    struct Seen: Sendable {
        var head: HTTPRequestHead
        var body: String
    }

    private let channel: any Channel
    private let seen: AsyncStream<Seen>

    private let isSecure: Bool

    /// Its URL; with TLS the name is `localhost`, as certificates have it.
    var url: String {
        let port = channel.localAddress?.port ?? 0
        return isSecure ? "https://localhost:\(port)" : "http://127.0.0.1:\(port)"
    }

    /// Runs the body against a server that gives this answer.
    static func answering(
        _ status: HTTPResponseStatus,
        _ answer: String,
        headers: HTTPHeaders = [:],
        tls: NIOSSLContext? = nil,
        _ body: (CannedServer) async throws -> Void
    ) async throws {
        let (seen, continuation) = AsyncStream.makeStream(of: Seen.self)
        let channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls { try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls)) }
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    let handler = CannedHandler(status, answer, headers) { continuation.yield($0) }
                    try channel.pipeline.syncOperations.addHandler(handler)
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let server = CannedServer(channel: channel, seen: seen, isSecure: tls != nil)
        do {
            try await body(server)
        } catch {
            try await channel.close()
            throw error
        }
        try await channel.close()
    }

    /// The first request it got.
    func first() async -> Seen? {
        for await request in seen { return request }
        return nil
    }
}

extension EventLoopGroup where Self == MultiThreadedEventLoopGroup {
    fileprivate static var singletonMultiThreadedEventLoopGroup: MultiThreadedEventLoopGroup { .singleton }
}

private final class CannedHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let status: HTTPResponseStatus
    private let answer: String
    private let headers: HTTPHeaders
    private let report: @Sendable (CannedServer.Seen) -> Void
    private var request: CannedServer.Seen?

    init(
        _ status: HTTPResponseStatus,
        _ answer: String,
        _ headers: HTTPHeaders,
        report: @escaping @Sendable (CannedServer.Seen) -> Void
    ) {
        self.status = status
        self.answer = answer
        self.headers = headers
        self.report = report
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): request = CannedServer.Seen(head: head, body: "")
        case .body(let part): request?.body += String(buffer: part)
        case .end:
            if let request { report(request) }
            var headers = headers
            headers.add(name: "content-length", value: String(answer.utf8.count))
            let head = HTTPResponseHead(version: .http1_1, status: status, headers: headers)
            context.write(wrapOutboundOut(.head(head)), promise: nil)
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: answer)))), promise: nil)
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        }
    }
}
