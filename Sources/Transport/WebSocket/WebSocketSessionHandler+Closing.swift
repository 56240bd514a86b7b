import NIOCore
import NIOWebSocket

extension WebSocketSessionHandler {
    /// Starts the closing handshake: our close frame, then at most `closeTimeout` for the peer's.
    func close(code: UInt16, reason: String) {
        guard state == .open, let context else { return }
        closure = WebSocketClosure(code: code, reason: reason, initiator: .local)
        stopTalking()
        state = .closing
        limitEnding(to: configuration.closeTimeout, context)
        writeClose(code: code, reason: reason, context)
        readMore(context)
    }

    /// Ends a session whose peer broke the rules: the close frame, the end of our stream, and a short time in which
    /// input is thrown away, so that the peer can read the code instead of a reset connection.
    func fail(code: UInt16, reason: String) {
        guard state == .open || state == .closing, let context else { return }
        let alreadyClosing = state == .closing
        stopTalking()
        state = .ending
        limitEnding(to: min(configuration.closeTimeout, .seconds(2)), context)
        if !alreadyClosing {
            closure = WebSocketClosure(code: code, reason: reason, initiator: .local)
            let written = context.eventLoop.makePromise(of: Void.self)
            written.futureResult.assumeIsolated().whenComplete { [self] _ in closeOutput() }
            writeClose(code: code, reason: reason, context, promise: written)
        } else {
            closeOutput()
        }
        readMore(context)
    }

    /// Answers the peer's close frame with its own code and closes the connection.
    func answerClose(code: UInt16?, context: ChannelHandlerContext) {
        stopTalking()
        state = .ending
        limitEnding(to: configuration.closeTimeout, context)
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.assumeIsolated().whenComplete { [self] _ in self.context?.close(promise: nil) }
        writeClose(code: code, reason: "", context, promise: written)
    }

    /// Both close frames have been seen.
    func end(_ context: ChannelHandlerContext) {
        state = .ending
        context.close(promise: nil)
    }

    /// Cuts the connection without a closing handshake.
    func cut(_ context: ChannelHandlerContext, _ closure: WebSocketClosure? = nil) {
        guard state != .closed else { return }
        if let closure { self.closure = closure }
        stopTalking()
        state = .ending
        context.close(promise: nil)
    }

    private func stopTalking() {
        queue = nil
        fragments = nil
    }

    private func closeOutput() {
        guard state == .ending, let context else { return }
        let closed = context.eventLoop.makePromise(of: Void.self)
        closed.futureResult.assumeIsolated().whenFailure { [self] _ in self.context?.close(promise: nil) }
        context.close(mode: .output, promise: closed)
    }

    private func writeClose(
        code: UInt16?,
        reason: String,
        _ context: ChannelHandlerContext,
        promise: EventLoopPromise<Void>? = nil
    ) {
        var payload = ByteBuffer()
        if let code {
            payload.writeInteger(code)
            payload.writeString(Self.shortened(reason))
        }
        write(.connectionClose, payload, context, promise: promise)
    }

    /// At most 123 bytes, cut between characters: a control frame carries 125.
    static func shortened(_ reason: String) -> String {
        var short = reason
        while short.utf8.count > 123 { short.removeLast() }
        return short
    }
}
