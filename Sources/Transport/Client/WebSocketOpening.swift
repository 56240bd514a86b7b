import NIOCore
package import NIOHTTP1
import NIOWebSocket

/// What a client asks for when it opens a WebSocket.
package struct WebSocketOpening: Sendable {
    /// Path below the origin's prefix.
    package var path: String
    package var headers: HTTPHeaders
    /// The subprotocol, which the server has to confirm.
    package var subprotocol: String
    package var configuration: WebSocketConfiguration
    package var timeouts: WebSocketTimeouts
    /// Largest body of an answer that refuses.
    ///
    /// Default 64 KiB.
    package var refusalBodyLimit: Int

    package init(
        path: String,
        headers: HTTPHeaders,
        subprotocol: String,
        configuration: WebSocketConfiguration = WebSocketConfiguration(role: .client),
        timeouts: WebSocketTimeouts,
        refusalBodyLimit: Int = 65_536
    ) {
        self.path = path
        self.headers = headers
        self.subprotocol = subprotocol
        self.configuration = configuration
        self.timeouts = timeouts
        self.refusalBodyLimit = refusalBodyLimit
    }

    /// RFC 6455, section 4.1: what a client must verify in a 101.
    func check(_ answer: HTTPResponseHead, key: String) throws(TransportError) {
        func values(_ name: String) -> [String] {
            answer.headers[canonicalForm: name].map { $0.lowercased() }
        }
        guard values("upgrade") == ["websocket"], values("connection").contains("upgrade") else {
            throw TransportError(.badAnswer, "The server changed to another protocol than WebSocket.")
        }
        let upgrader = NIOWebSocketClientUpgrader(requestKey: key) { channel, _ in
            channel.eventLoop.makeSucceededVoidFuture()
        }
        guard upgrader.shouldAllowUpgrade(upgradeResponse: answer) else {
            throw TransportError(.badAnswer, "The server's handshake key is wrong.")
        }
        guard answer.headers["sec-websocket-protocol"] == [subprotocol] else {
            throw TransportError(.badAnswer, "The server does not speak \(subprotocol).")
        }
        guard values("sec-websocket-extensions").isEmpty else {
            throw TransportError(.badAnswer, "The server added extensions that were not asked for.")
        }
    }
}
