import Foundation
import NIOCore
import NIOPosix
import Synchronization

/// A bare TCP connection for what no well-behaved client sends.
final class Wire: Sendable {
    private let channel: any Channel
    private let inbox: Inbox

    private init(channel: any Channel, inbox: Inbox) {
        self.channel = channel
        self.inbox = inbox
    }

    static func connect(to server: Server, on bench: Workbench) async throws -> Wire {
        let inbox = Inbox()
        let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(InboxHandler(inbox: inbox))
                }
            }
            .connect(host: "127.0.0.1", port: server.port).get()
        bench.onCleanUp { try? await channel.close() }
        return Wire(channel: channel, inbox: inbox)
    }

    func send(_ text: String) async throws { try await channel.writeAndFlush(ByteBuffer(string: text)) }

    var received: String { String(decoding: inbox.bytes.withLock { $0 }, as: UTF8.self) }
    var isClosed: Bool { inbox.isClosed.withLock { $0 } }

    func close() async { try? await channel.close() }
}

private final class Inbox: Sendable {
    let bytes = Mutex<[UInt8]>([])
    let isClosed = Mutex(false)
}

private final class InboxHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    private let inbox: Inbox

    init(inbox: Inbox) {
        self.inbox = inbox
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = unwrapInboundIn(data)
        inbox.bytes.withLock { $0 += buffer.readableBytesView }
    }

    func channelInactive(context: ChannelHandlerContext) { inbox.isClosed.withLock { $0 = true } }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}

extension Server {
    /// Asks for the agent channel with a token, and tells how the door opened: 101, or a refusal with its code.
    func knock(with token: String) async throws -> (status: Int, code: String?) {
        let answer = try await Exchange.knock(port: port, token: token)
        return (answer.status, answer.code)
    }
}
