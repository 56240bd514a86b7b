import NIOCore
import NIOEmbedded
import NIOHTTP1
import NIOPosix
import NIOWebSocket
import Synchronization
import Testing
import Transport

@Suite("The client's WebSocket handshake")
struct HandshakeTests {
    /// What a session on another thread told.
    final class Told: Sendable {
        let texts = Mutex<[String]>([])
        let closures = Mutex<[WebSocketClosure]>([])
        let session = Mutex<WebSocketSession?>(nil)
    }

    final class TellingDelegate: WebSocketSessionDelegate {
        let told: Told
        init(_ told: Told) { self.told = told }
        func sessionOpened(_ session: WebSocketSession) { told.session.withLock { $0 = session } }
        func session(_ session: WebSocketSession, didReceive text: String) {
            // An answer at once, on the loop, to what came with the 101.
            if text == "hi" { session.send(text: "you") }
            told.texts.withLock { $0.append(text) }
        }
        func session(_ session: WebSocketSession, didClose closure: WebSocketClosure) {
            told.closures.withLock { $0.append(closure) }
        }
    }

    static let protocolName = "claviger.agent.v1"

    /// The accept value for the key in a request, computed by NIOWebSocket's server half.
    private static func accept(_ received: [UInt8]) -> String? {
        let lines = String(decoding: received, as: UTF8.self).split(separator: "\r\n")
        guard let line = lines.first(where: { $0.lowercased().hasPrefix("sec-websocket-key:") }) else { return nil }
        let key = String(line.dropFirst("sec-websocket-key:".count).drop { $0 == " " })
        let headers: HTTPHeaders = ["Sec-WebSocket-Key": key, "Sec-WebSocket-Version": "13"]
        let request = HTTPRequestHead(version: .http1_1, method: .GET, uri: "/", headers: headers)
        let upgrader = NIOWebSocketServerUpgrader(
            shouldUpgrade: { channel, _ in channel.eventLoop.makeSucceededFuture([:]) },
            upgradePipelineHandler: { channel, _ in channel.eventLoop.makeSucceededVoidFuture() }
        )
        var accept: String?
        upgrader.buildUpgradeResponse(channel: EmbeddedChannel(), upgradeRequest: request, initialResponseHeaders: [:])
            .assumeIsolated().whenSuccess { accept = $0.first(name: "Sec-WebSocket-Accept") }
        return accept
    }

    private func open(
        _ script: @escaping RawServer.Script,
        _ body: (Told) async throws -> Void = { _ in }
    ) async throws -> (refusal: HTTPAnswer?, error: TransportError?) {
        var outcome: (HTTPAnswer?, TransportError?) = (nil, nil)
        try await RawServer.run(script) { server in
            let client = try NetworkClient(
                group: MultiThreadedEventLoopGroup.singleton,
                settings: NetworkSettings(),
                secure: false
            )
            let origin = try WebOrigin(parsing: "http://127.0.0.1:\(server.port)")
            let told = Told()
            let opening = WebSocketOpening(
                path: "/channel",
                headers: ["Authorization": "Bearer t"],
                subprotocol: Self.protocolName,
                timeouts: WebSocketTimeouts(),
                refusalBodyLimit: 1_000
            )
            do throws(TransportError) {
                outcome.0 = try await client.openWebSocket(origin, opening, timeLimit: .seconds(30)) { _ in
                    TellingDelegate(told)
                }
            } catch {
                outcome.1 = error
            }
            try await body(told)
        }
        return outcome
    }

    private static func switching(
        _ received: [UInt8],
        extra: String = "",
        protocolName: String = protocolName
    ) -> String {
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Accept: \(accept(received) ?? "")\r\nSec-WebSocket-Protocol: \(protocolName)\r\n\(extra)\r\n"
    }

    @Test("AGT-7: bytes that come with the 101 reach the session, and frames go out masked")
    func opens() async throws {
        let script: RawServer.Script = { received in
            guard received.count < 400, Self.accept(received) != nil else { return .wait }
            return .sendBytes(Array(Self.switching(received).utf8) + [0x81, 2] + Array("hi".utf8))
        }
        let outcome = try await open(script) { told in
            for _ in 0..<200 where told.texts.withLock(\.isEmpty) { try await Task.sleep(for: .milliseconds(10)) }
            #expect(told.texts.withLock { $0 } == ["hi"])
        }
        #expect(outcome.refusal == nil && outcome.error == nil)
    }

    static let wrong: [(String, @Sendable ([UInt8]) -> String)] = [
        ("wrong accept", { switching($0).replacing("Accept: ", with: "Accept: x") }),
        ("no accept", { switching($0).replacing("Sec-WebSocket-Accept", with: "X-Other") }),
        ("other subprotocol", { switching($0, protocolName: "chat") }),
        ("no subprotocol", { switching($0).replacing("Sec-WebSocket-Protocol", with: "X-Other") }),
        ("other protocol", { switching($0).replacing("Upgrade: websocket", with: "Upgrade: h2c") }),
        ("extension", { switching($0, extra: "Sec-WebSocket-Extensions: permessage-deflate\r\n") }),
    ]

    @Test("AGT-7: a handshake that is not exactly what was asked for is refused", arguments: wrong.indices)
    func wrongHandshake(index: Int) async throws {
        let (_, answer) = Self.wrong[index]
        let outcome = try await open { received in
            Self.accept(received) == nil ? .wait : .send(answer(received))
        }
        #expect(outcome.error?.code == .badAnswer, "\(Self.wrong[index].0)")
    }

    @Test("AGT-7: a refusal comes back with status, headers and bounded body")
    func refusal() async throws {
        let outcome = try await open { _ in
            .send("HTTP/1.1 401 Unauthorized\r\nContent-Type: application/problem+json\r\nContent-Length: 2\r\n\r\n{}")
        }
        #expect(outcome.refusal?.status == 401)
        #expect(outcome.refusal?.body == Array("{}".utf8))
        let large = try await open { _ in
            .send("HTTP/1.1 401 No\r\nContent-Length: 1001\r\n\r\n" + String(repeating: "x", count: 1_001))
        }
        #expect(large.error?.code == .bodyTooLarge)
    }
}
