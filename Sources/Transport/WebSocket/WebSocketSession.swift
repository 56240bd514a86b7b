package import NIOCore

/// A handle on one session, usable from any thread.
///
/// Calls on a session that has ended do nothing.
package struct WebSocketSession: Sendable {
    /// The loop on which the delegate is called.
    package let eventLoop: any EventLoop
    private let handler: NIOLoopBound<WebSocketSessionHandler>

    init(handler: WebSocketSessionHandler, eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
        self.handler = NIOLoopBound(handler, eventLoop: eventLoop)
    }

    /// Sends one text message; calls from one thread keep their order.
    package func send(text: String) {
        onLoop { $0.send(text: text) }
    }

    /// Starts the closing handshake.
    ///
    /// Nothing is received any more; the connection is cut after `closeTimeout` at the latest. A reason longer than 123
    /// bytes is shortened.
    package func close(code: UInt16, reason: String = "") {
        onLoop { $0.close(code: code, reason: reason) }
    }

    /// Sets the session's only timer, replacing what was set; nil clears it.
    ///
    /// It runs on the shared wheel.
    package func setTimer(_ amount: TimeAmount?) {
        onLoop { $0.setTimer(amount) }
    }

    /// Stops taking bytes from the peer, for a receiver that can't keep up.
    package func pauseReading() {
        onLoop { $0.setReadingPaused(true) }
    }

    /// Takes bytes from the peer again.
    package func resumeReading() {
        onLoop { $0.setReadingPaused(false) }
    }

    private func onLoop(_ body: @escaping @Sendable (WebSocketSessionHandler) -> Void) {
        if eventLoop.inEventLoop {
            body(handler.value)
        } else {
            let handler = handler
            eventLoop.execute { body(handler.value) }
        }
    }
}
