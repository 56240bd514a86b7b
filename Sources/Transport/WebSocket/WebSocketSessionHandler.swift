package import NIOCore
package import NIOWebSocket

/// One WebSocket session, the last handler of its channel, behind NIOWebSocket's frame encoder and decoder.
///
/// It calls `read` itself and stops reads that come from behind it, so it works with `autoRead` on or off, and a peer
/// that does not take its answers is not read from either.
package final class WebSocketSessionHandler: ChannelDuplexHandler {
    package typealias InboundIn = WebSocketFrame
    package typealias InboundOut = Never
    package typealias OutboundIn = Never
    package typealias OutboundOut = WebSocketFrame

    enum State {
        /// Not yet on an active channel.
        case idle
        /// Messages flow.
        case open
        /// Our close frame went first; waiting for the peer's.
        case closing
        /// Nothing more to say; the connection is being closed, input is thrown away.
        case ending
        /// The delegate has been told.
        case closed
    }

    let configuration: WebSocketConfiguration
    private let timeouts: WebSocketTimeouts
    private var wheel: TimeoutWheel<WebSocketSessionHandler>?
    var delegate: (any WebSocketSessionDelegate)?
    var context: ChannelHandlerContext?
    var state = State.idle
    var closure: WebSocketClosure?
    /// The joined fragments of a message that is not complete.
    var fragments: ByteBuffer?
    var queue: OutboundQueue?
    private var readingPaused = false
    var timeoutPosition: TimeoutPosition?
    private var lastReceived = NIODeadline.uptimeNanoseconds(0)
    private var lastPing = NIODeadline.uptimeNanoseconds(0)
    private var timer: NIODeadline?
    private var stalledSince: NIODeadline?
    private var endBy: NIODeadline?

    /// Makes the handler of one session; add it with `install`, or behind a codec of your own.
    package init(
        configuration: WebSocketConfiguration,
        timeouts: WebSocketTimeouts,
        delegate: any WebSocketSessionDelegate
    ) {
        self.configuration = configuration
        self.timeouts = timeouts
        self.delegate = delegate
    }

    /// Adds NIOWebSocket's codec and this handler to a channel that has been upgraded.
    ///
    /// Must run on its event loop.
    package func install(
        in pipeline: ChannelPipeline.SynchronousOperations,
        position: ChannelPipeline.SynchronousOperations.Position = .last
    ) throws {
        let decoder = ByteToMessageHandler(WebSocketFrameDecoder(maxFrameSize: configuration.maximumMessageBytes))
        switch position {
        case .first, .after:
            try pipeline.addHandler(self, position: position)
            try pipeline.addHandler(decoder, position: .before(self))
            try pipeline.addHandler(WebSocketFrameEncoder(), position: .before(decoder))
        case .last, .before:
            try pipeline.addHandler(WebSocketFrameEncoder(), position: position)
            try pipeline.addHandler(decoder, position: position)
            try pipeline.addHandler(self, position: position)
        }
    }

    // MARK: Channel events

    package func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        if context.channel.isActive { start(context) }
    }

    package func channelActive(context: ChannelHandlerContext) {
        start(context)
    }

    package func channelInactive(context: ChannelHandlerContext) {
        finish()
    }

    package func handlerRemoved(context: ChannelHandlerContext) {
        finish()
        self.context = nil
    }

    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        lastReceived = context.eventLoop.now
        receive(unwrapInboundIn(data), context: context)
    }

    package func channelReadComplete(context: ChannelHandlerContext) {
        readMore(context)
    }

    package func read(context: ChannelHandlerContext) {
        // Reads from behind would defeat the back-pressure; `readMore` asks when the session wants bytes.
    }

    package func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable {
            stalledSince = nil
            drain(context)
        } else if stalledSince == nil {
            stalledSince = context.eventLoop.now
            schedule()
        }
    }

    package func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .inputClosed? = event as? ChannelEvent { context.close(promise: nil) }
        if event is ChannelShouldQuiesceEvent { delegate?.sessionShouldEnd(session(context)) }
    }

    package func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch error as? NIOWebSocketError {
        case .invalidFrameLength: fail(code: 1009, reason: "message too large")
        case .fragmentedControlFrame, .multiByteControlFrameLength: fail(code: 1002, reason: "bad control frame")
        case nil: cut(context)
        }
    }

    private func start(_ context: ChannelHandlerContext) {
        guard state == .idle else { return }
        state = .open
        let now = context.eventLoop.now
        lastReceived = now
        lastPing = now
        wheel = timeouts.wheel(on: context.eventLoop)
        schedule()
        delegate?.sessionOpened(session(context))
        readMore(context)
    }

    /// Tells the delegate once that the connection is gone and lets go of everything.
    private func finish() {
        guard state != .closed, let context else { return }
        let wasOpened = state != .idle
        state = .closed
        wheel?.remove(self)
        wheel = nil
        fragments = nil
        queue = nil
        let delegate = delegate
        self.delegate = nil
        if wasOpened { delegate?.session(session(context), didClose: closure ?? .lost) }
    }

    func session(_ context: ChannelHandlerContext) -> WebSocketSession {
        WebSocketSession(handler: self, eventLoop: context.eventLoop)
    }

    // MARK: Reading

    func setReadingPaused(_ paused: Bool) {
        guard paused != readingPaused, let context else { return }
        readingPaused = paused
        guard !paused else { return }
        lastReceived = context.eventLoop.now
        schedule()
        readMore(context)
    }

    func readMore(_ context: ChannelHandlerContext) {
        guard state != .closed, queue == nil, !readingPaused || state != .open else { return }
        context.read()
    }

    // MARK: Time

    func setTimer(_ amount: TimeAmount?) {
        guard state == .open, let context else { return }
        timer = amount.map { context.eventLoop.now + $0 }
        schedule()
    }

    func limitEnding(to amount: TimeAmount, _ context: ChannelHandlerContext) {
        endBy = context.eventLoop.now + amount
        schedule()
    }

    private func schedule() {
        guard let wheel, let next = nextDeadline else { return }
        wheel.schedule(self, at: next)
    }

    private var nextDeadline: NIODeadline? {
        guard state == .open else { return endBy }
        var next = lastReceived + configuration.idleTimeout
        if readingPaused { next = .distantFuture }
        if let interval = configuration.pingInterval { next = min(next, lastPing + interval) }
        if let timer { next = min(next, timer) }
        if let stalledSince { next = min(next, stalledSince + configuration.writeStallTimeout) }
        return next
    }

    private func timeoutsOfOpenSession(_ context: ChannelHandlerContext, now: NIODeadline) {
        if let stalledSince, now >= stalledSince + configuration.writeStallTimeout {
            return cut(context, WebSocketClosure(code: 1008, reason: "slow reader", initiator: .local))
        }
        if !readingPaused, now >= lastReceived + configuration.idleTimeout {
            return close(code: 1001, reason: "silent for too long")
        }
        if let timer, now >= timer {
            self.timer = nil
            delegate?.sessionTimerFired(session(context))
        }
        if state == .open, let interval = configuration.pingInterval, now >= lastPing + interval {
            lastPing = now
            if context.channel.isWritable { write(.ping, ByteBuffer(), context) }
        }
    }
}

extension WebSocketSessionHandler: TimeoutMember {
    func timeoutPassed(now: NIODeadline) {
        guard let context else { return }
        switch state {
        case .idle, .closed: return
        case .open: timeoutsOfOpenSession(context, now: now)
        case .closing, .ending:
            if let endBy, now >= endBy { return cut(context) }
        }
        schedule()
    }
}

@available(*, unavailable)
extension WebSocketSessionHandler: Sendable {}
