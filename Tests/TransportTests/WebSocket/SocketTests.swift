import NIOCore
import NIOPosix
import Synchronization
import Testing
import Transport

@Suite("WebSocket sessions over real sockets")
struct SocketTests {
    /// Answers every message with itself.
    private final class Echo: WebSocketSessionDelegate {
        func sessionOpened(_ session: WebSocketSession) {}
        func session(_ session: WebSocketSession, didReceive text: String) { session.send(text: text) }
        func session(_ session: WebSocketSession, didClose closure: WebSocketClosure) {}
    }

    /// Limits that no busy machine reaches: what they do is tested on a clock that is moved by hand.
    private static func patient(_ role: WebSocketRole) -> WebSocketConfiguration {
        WebSocketConfiguration(
            role: role,
            pingInterval: nil,
            idleTimeout: .minutes(10),
            closeTimeout: .minutes(10),
            writeStallTimeout: .minutes(10)
        )
    }

    /// Two sessions on one connection, without a handshake before.
    private func connected(
        autoRead: Bool,
        limits: WebSocketConfiguration = patient(.server),
        _ body: (HandshakeTests.Told, any Channel) async throws -> Void
    ) async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
        let timeouts = WebSocketTimeouts(tick: .milliseconds(20))
        let listener = try await ServerBootstrap(group: group)
            .childChannelOption(.autoRead, value: autoRead)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try WebSocketSessionHandler(configuration: limits, timeouts: timeouts, delegate: Echo())
                        .install(in: channel.pipeline.syncOperations)
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let told = HandshakeTests.Told()
        let client = try await ClientBootstrap(group: group)
            .channelOption(.autoRead, value: autoRead)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try WebSocketSessionHandler(
                        configuration: Self.patient(.client),
                        timeouts: timeouts,
                        delegate: HandshakeTests.TellingDelegate(told)
                    ).install(in: channel.pipeline.syncOperations)
                }
            }
            .connect(host: "127.0.0.1", port: listener.localAddress?.port ?? 0).get()
        try await body(told, client)
        try? await client.close()
        try? await listener.close()
        try await group.shutdownGracefully()
    }

    private func eventually(_ condition: () -> Bool) async throws {
        for _ in 0..<30_000 where !condition() { try await Task.sleep(for: .milliseconds(10)) }
        #expect(condition())
    }

    @Test("messages of every size come back in order, with autoRead on and off", .serialized, arguments: [true, false])
    func echo(autoRead: Bool) async throws {
        try await connected(autoRead: autoRead) { told, _ in
            try await eventually { told.session.withLock { $0 != nil } }
            let session = try #require(told.session.withLock { $0 })
            // Each form of a frame's length once; masking is slow in a debug build, so no more bytes than that takes.
            let sent = [0, 1, 125, 126, 1_000, 4_000].map { String(repeating: "é", count: $0 / 2) + "x" }
            for text in sent { session.send(text: text) }
            try await eventually { told.texts.withLock(\.count) == sent.count }
            #expect(told.texts.withLock { $0 } == sent)
            session.close(code: 4000, reason: "done")
            try await eventually { told.closures.withLock(\.count) == 1 }
            #expect(
                told.closures.withLock { $0 } == [WebSocketClosure(code: 4000, reason: "done", initiator: .local)]
            )
        }
    }

    @Test("a message over the limit ends with a code that the peer can read")
    func tooLarge() async throws {
        try await connected(autoRead: true) { told, _ in
            try await eventually { told.session.withLock { $0 != nil } }
            told.session.withLock { $0 }?.send(text: String(repeating: "x", count: 262_145))
            try await eventually { told.closures.withLock(\.count) == 1 }
            #expect(told.closures.withLock { $0.first?.code } == 1009)
        }
    }

    @Test("a peer that sends and never reads is cut, and holds little memory until then")
    func neverReads() async throws {
        var limits = Self.patient(.server)
        limits.writeStallTimeout = .milliseconds(300)
        try await connected(autoRead: false, limits: limits) { told, client in
            try await eventually { told.session.withLock { $0 != nil } }
            let session = try #require(told.session.withLock { $0 })
            session.pauseReading()
            for _ in 0..<200 { session.send(text: String(repeating: "x", count: 100_000)) }
            try await eventually { !client.isActive }
        }
    }
}
