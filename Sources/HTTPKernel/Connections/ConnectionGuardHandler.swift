import HTTPTypes
package import NIOCore
import NIOHTTP1
package import NIOHTTPTypes

/// Keeps a connection within its bounds: each head, each body, and heads that are too large.
///
/// It sits between the HTTP codec and Hummingbird's handlers, answers what goes wrong there itself, and closes the
/// connection so that the peer can still read the answer.
///
/// A deadline costs a timer only where a request did not arrive in one piece.
package final class ConnectionGuardHandler: ChannelDuplexHandler, RemovableChannelHandler {
    package typealias InboundIn = HTTPRequestPart
    package typealias InboundOut = HTTPRequestPart
    package typealias OutboundIn = HTTPResponsePart
    package typealias OutboundOut = HTTPResponsePart

    private let limits: EdgeLimits
    private let metrics: ConnectionMetrics
    private var deadline: Scheduled<Void>?
    private var receiving = false
    /// No part of a request has come with this read: what bytes it brought are of a head that is not whole.
    private var readNoPart = true
    /// Requests whose answer has not been written to its end.
    private var unanswered = 0
    private var answering = false
    private var closeAfterAnswer = false
    /// The peer asked for an upgrade, behind which NIO's decoder reads no further request.
    private var endsParsing = false
    /// The last answer has been written; whatever still comes in is thrown away until the peer closes.
    private var lingering = false

    package init(limits: EdgeLimits, metrics: ConnectionMetrics) {
        self.limits = limits
        self.metrics = metrics
    }

    // MARK: Life

    package func handlerAdded(context: ChannelHandlerContext) {
        metrics.open.add(1)
        if context.channel.isActive { awaitHead(context) }
    }

    package func handlerRemoved(context: ChannelHandlerContext) {
        metrics.open.add(-1)
        cancelDeadline()
    }

    package func channelActive(context: ChannelHandlerContext) {
        awaitHead(context)
        context.fireChannelActive()
    }

    package func channelInactive(context: ChannelHandlerContext) {
        cancelDeadline()
        context.fireChannelInactive()
    }

    /// Starts at the connection's beginning for the first head, at its first bytes for a later one.
    private func awaitHead(_ context: ChannelHandlerContext) {
        guard deadline == nil else { return }
        schedule(limits.head, context) { handler, context in
            handler.metrics.headTimeouts.increment()
            context.close(promise: nil)
        }
    }

    // MARK: Requests

    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !lingering else { return }
        readNoPart = false
        switch unwrapInboundIn(data) {
        case .head(let head):
            endsParsing = endsParsing || head.method == .connect || head.headerFields.contains(.upgrade)
            receiving = true
            unanswered += 1
            cancelDeadline()
        case .body: break
        case .end:
            receiving = false
            cancelDeadline()
        }
        context.fireChannelRead(data)
    }

    package func channelReadComplete(context: ChannelHandlerContext) {
        if lingering {
            context.read()
            return
        }
        if readNoPart, !receiving, unanswered == 0 { awaitHead(context) }
        readNoPart = true
        if receiving, deadline == nil {
            schedule(limits.body, context) { handler, context in
                handler.metrics.bodyTimeouts.increment()
                handler.refuse(.slowBody, context)
            }
        }
        context.fireChannelReadComplete()
    }

    package func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let error = error as? HTTPParserError else { return context.fireErrorCaught(error) }
        guard !lingering else { return }
        metrics.malformed.increment()
        switch error {
        case .headerOverflow: refuse(.headersTooLarge, context)
        case .invalidEOFState: context.close(promise: nil)
        default: refuse(.malformedRequest("The request is not valid HTTP/1.1."), context)
        }
    }

    // MARK: Answers

    package func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard !lingering else {
            promise?.fail(ChannelError.ioOnClosedChannel)
            return
        }
        switch unwrapOutboundIn(data) {
        case .head(var head):
            answering = head.status.kind != .informational
            if endsParsing, answering, unanswered == 1 { head.headerFields[.connection] = "close" }
            closeAfterAnswer = head.headerFields[.connection]?.lowercased() == "close"
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .body: context.write(data, promise: promise)
        case .end:
            answering = false
            unanswered -= 1
            guard closeAfterAnswer else {
                context.write(data, promise: promise)
                return
            }
            context.writeAndFlush(data, promise: promise)
            linger(context)
        }
    }

    /// Hummingbird ends its loop while the last answer is still on its way out; the guard closes in its own time.
    package func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        guard lingering, mode == .output else { return context.close(mode: mode, promise: promise) }
        promise?.succeed()
    }

    /// Answers in the place of the router and closes, or just closes where another answer has begun.
    private func refuse(_ problem: HTTPProblem, _ context: ChannelHandlerContext) {
        cancelDeadline()
        let wasAnswered = receiving && unanswered == 0
        guard !answering, !wasAnswered, unanswered <= 1 else { return context.close(promise: nil) }
        let (head, body) = problem.parts(requestID: EdgeRequestID(incoming: nil))
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(body)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        linger(context)
    }

    /// Ends our half of the stream and gives the peer 2 s to end its own: closing at once over unread bytes would reset
    /// the connection and could take the answer with it.
    private func linger(_ context: ChannelHandlerContext) {
        lingering = true
        cancelDeadline()
        context.close(mode: .output, promise: nil)
        schedule(.seconds(2), context) { _, context in context.close(promise: nil) }
        context.read()
    }

    package func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if lingering, case .inputClosed? = event as? ChannelEvent { return context.close(promise: nil) }
        context.fireUserInboundEventTriggered(event)
    }

    // MARK: Time

    private func schedule(
        _ duration: Duration,
        _ context: ChannelHandlerContext,
        _ action: @escaping @Sendable (ConnectionGuardHandler, ChannelHandlerContext) -> Void
    ) {
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        deadline = context.eventLoop.scheduleTask(in: TimeAmount(duration)) {
            let (handler, context) = bound.value
            handler.deadline = nil
            action(handler, context)
        }
    }

    private func cancelDeadline() {
        deadline?.cancel()
        deadline = nil
    }
}

@available(*, unavailable)
extension ConnectionGuardHandler: Sendable {}
