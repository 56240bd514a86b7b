import Foundation
import NIOCore
import NIOPosix

/// One request and its answer on a connection of their own: cheap enough for thousands.
struct Exchange: Sendable {
    let status: Int
    let body: JSON

    var code: String? { body["code"].text }

    /// Sends a request to a port of this machine; throws if no whole answer comes in time.
    static func perform(
        _ method: String,
        _ path: String,
        port: Int,
        token: String? = nil,
        headers: [String] = [],
        body: [String: any Sendable]? = nil,
        within limit: Duration = .seconds(20)
    ) async throws -> Exchange {
        var lines = ["\(method) \(path) HTTP/1.1", "Host: 127.0.0.1:\(port)"] + headers
        if let token { lines.append("Authorization: Bearer \(token)") }
        let content = try body.map { try JSONSerialization.data(withJSONObject: $0) } ?? Data()
        if body != nil { lines += ["Content-Type: application/json", "Content-Length: \(content.count)"] }
        let request = lines.joined(separator: "\r\n") + "\r\n\r\n" + String(decoding: content, as: UTF8.self)
        return try await perform(request, port: port, within: limit)
    }

    /// Asks for the agent channel with a token; the connection is closed whatever the answer is.
    static func knock(port: Int, token: String, within limit: Duration = .seconds(20)) async throws -> Exchange {
        let headers = [
            "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            "Sec-WebSocket-Version: 13", "Sec-WebSocket-Protocol: claviger.agent.v1",
        ]
        let path = "/api/v1/agent/channel"
        return try await perform("GET", path, port: port, token: token, headers: headers, within: limit)
    }

    private static func perform(_ request: String, port: Int, within limit: Duration) async throws -> Exchange {
        let group = MultiThreadedEventLoopGroup.singleton
        let loop = group.next()
        let answer = loop.makePromise(of: Exchange.self)
        let channel: any Channel
        do {
            channel = try await ClientBootstrap(group: loop)
                .connectTimeout(.seconds(5))
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(ExchangeHandler(answer: answer))
                    }
                }
                .connect(host: "127.0.0.1", port: port).get()
        } catch {
            answer.fail(error)
            throw error
        }
        let (seconds, _) = limit.components
        let alarm = loop.scheduleTask(in: .seconds(seconds)) { answer.fail(Failure("no answer within \(limit)")) }
        channel.writeAndFlush(ByteBuffer(string: request), promise: nil)
        defer {
            alarm.cancel()
            channel.close(promise: nil)
        }
        return try await answer.futureResult.get()
    }
}

/// Collects bytes until they are a whole answer.
private final class ExchangeHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let answer: EventLoopPromise<Exchange>
    private var bytes = ByteBuffer()

    init(answer: EventLoopPromise<Exchange>) {
        self.answer = answer
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        bytes.writeImmutableBuffer(unwrapInboundIn(data))
        if let whole { answer.succeed(whole) }
    }

    func channelInactive(context: ChannelHandlerContext) { answer.fail(Failure("closed before it answered")) }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        answer.fail(error)
        context.close(promise: nil)
    }

    private var whole: Exchange? {
        let view = bytes.readableBytesView
        guard let end = view.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
        let head = String(decoding: view[..<end.lowerBound], as: UTF8.self).lowercased()
        guard let status = head.split(separator: " ").dropFirst().first.flatMap({ Int($0) }) else { return nil }
        let body = view[end.upperBound...]
        let length = head.firstMatch(of: /content-length: *([0-9]+)/).flatMap { Int($0.1) } ?? 0
        guard status == 101 || body.count >= length else { return nil }
        return Exchange(status: status, body: JSON(Data(body.prefix(length))))
    }
}
