package import NIOCore

/// Which end of the connection a session is: it decides who masks (RFC 6455, section 5.1).
package enum WebSocketRole: Sendable {
    case server
    case client
}

/// The limits of one session.
///
/// All times are measured by the event loop's clock, to the accuracy of the wheel's tick.
package struct WebSocketConfiguration: Sendable {
    /// Which end of the connection this is.
    package var role: WebSocketRole
    /// Largest message in bytes, fragments joined; beyond it the session ends with 1009.
    ///
    /// Default 256 KiB.
    package var maximumMessageBytes: Int
    /// How often a ping is sent.
    ///
    /// Default 20 s; nil sends none.
    package var pingInterval: TimeAmount?
    /// How long the peer may be silent before the session is closed.
    ///
    /// Default 60 s.
    package var idleTimeout: TimeAmount
    /// How long the closing handshake may take before the connection is cut.
    ///
    /// Default 5 s.
    package var closeTimeout: TimeAmount
    /// How long a peer may leave sent bytes unread before the connection is cut.
    ///
    /// Default 30 s.
    package var writeStallTimeout: TimeAmount
    /// Most bytes that may wait here for a slow reader, beside what the channel buffers.
    ///
    /// Default 512 KiB.
    package var maximumQueuedBytes: Int

    package init(
        role: WebSocketRole,
        maximumMessageBytes: Int = 262_144,
        pingInterval: TimeAmount? = .seconds(20),
        idleTimeout: TimeAmount = .seconds(60),
        closeTimeout: TimeAmount = .seconds(5),
        writeStallTimeout: TimeAmount = .seconds(30),
        maximumQueuedBytes: Int = 524_288
    ) {
        self.role = role
        self.maximumMessageBytes = maximumMessageBytes
        self.pingInterval = pingInterval
        self.idleTimeout = idleTimeout
        self.closeTimeout = closeTimeout
        self.writeStallTimeout = writeStallTimeout
        self.maximumQueuedBytes = maximumQueuedBytes
    }
}

/// How a session ended.
package struct WebSocketClosure: Sendable, Equatable {
    /// Who ended it.
    package enum Initiator: Sendable, Equatable {
        /// This end closed or failed the session.
        case local
        /// The peer sent a close frame.
        case remote
        /// The connection went away without a close frame.
        case connectionLost
    }

    /// The close code: the one sent or received, 1005 if the peer gave none, 1006 if the connection was lost.
    package let code: UInt16
    /// The reason text that went with the code; may be empty.
    package let reason: String
    /// Who ended it.
    package let initiator: Initiator

    package init(code: UInt16, reason: String, initiator: Initiator) {
        self.code = code
        self.reason = reason
        self.initiator = initiator
    }

    static let lost = WebSocketClosure(code: 1006, reason: "", initiator: .connectionLost)
}

/// What a session tells its owner, always on the session's event loop.
///
/// The session holds its delegate until `didClose`, which comes exactly once and last.
package protocol WebSocketSessionDelegate: AnyObject {
    /// The session can send now. Comes first, once.
    func sessionOpened(_ session: WebSocketSession)
    /// A complete text message arrived. None comes any more once either end has begun to close.
    func session(_ session: WebSocketSession, didReceive text: String)
    /// The timer set with `WebSocketSession.setTimer` ran out.
    func sessionTimerFired(_ session: WebSocketSession)
    /// The server stops listening and asks every connection to end; the default closes with 1001.
    func sessionShouldEnd(_ session: WebSocketSession)
    /// The connection is gone.
    func session(_ session: WebSocketSession, didClose closure: WebSocketClosure)
}

extension WebSocketSessionDelegate {
    package func sessionTimerFired(_ session: WebSocketSession) {}

    package func sessionShouldEnd(_ session: WebSocketSession) {
        session.close(code: 1001, reason: "going away")
    }
}
