import HTTPKernel
import HTTPTypes
package import NIOCore
import NIOHTTP1
package import NIOHTTPTypes
import NIOHTTPTypesHTTP1
import NIOWebSocket
import Transport

/// Upgrades any request of a connection to an agent channel, not only its first: behind a proxy that keeps upstream
/// connections it rarely is the first.
///
/// It sits behind ``ConnectionGuardHandler`` in Hummingbird's `.http1` pipeline.
///
/// While the credential is being checked it takes no bytes from the peer, by holding back reads. After the upgrade it
/// stays as a wall between the WebSocket handlers, which it puts before itself, and Hummingbird's: their loop for this
/// connection has been told that the input ended, and nothing they do reaches the channel any more.
package final class ChannelUpgradeHandler: ChannelDuplexHandler, RemovableChannelHandler {
    package typealias InboundIn = HTTPRequestPart
    package typealias InboundOut = HTTPRequestPart
    package typealias OutboundIn = HTTPResponsePart
    package typealias OutboundOut = HTTPResponsePart

    private enum State {
        /// Requests pass on to Hummingbird.
        case http
        /// The head of an upgrade came; its end has not.
        case receiving(HTTPRequest)
        /// The credential is being checked.
        case deciding
        /// Refused: the answer is out, the guard closes the connection.
        case refused
        case upgraded
    }

    private let endpoint: AgentChannelEndpoint
    private var state = State.http
    private var unanswered = 0
    /// The server began to stop between the upgrade and the session's start.
    private var isStopping = false

    package init(endpoint: AgentChannelEndpoint) {
        self.endpoint = endpoint
    }

    // MARK: Inbound

    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let part = unwrapInboundIn(data)
        switch (state, part) {
        case (.http, .head(let head)):
            if unanswered == 0, UpgradeRequest.isOne(head, path: endpoint.path) {
                state = .receiving(head)
            } else {
                unanswered += 1
                context.fireChannelRead(data)
            }
        case (.http, _): context.fireChannelRead(data)
        case (.receiving(let head), .end): decide(head, context)
        case (.receiving, _), (.deciding, _), (.refused, _), (.upgraded, _): break
        }
    }

    private func decide(_ head: HTTPRequest, _ context: ChannelHandlerContext) {
        state = .deciding
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        let endpoint = endpoint
        let peer = context.remoteAddress
        let decision = context.eventLoop.makeFutureWithTask { await endpoint.decide(head, peer: peer) }
        decision.whenComplete { result in
            let (handler, context) = bound.value
            guard context.channel.isActive, case .deciding = handler.state else { return }
            switch result {
            case .success(.admit(let admission)): handler.upgrade(head, admission, context)
            case .success(.refuse(let problem, let requestID)): handler.refuse(problem, requestID, context)
            case .failure: context.close(promise: nil)
            }
        }
    }

    private func refuse(_ problem: HTTPProblem, _ requestID: EdgeRequestID, _ context: ChannelHandlerContext) {
        state = .refused
        let (head, body) = problem.parts(requestID: requestID)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(body)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }

    // MARK: The upgrade

    private func upgrade(_ head: HTTPRequest, _ admission: ChannelAdmission, _ context: ChannelHandlerContext) {
        let headers = HTTPHeaders(head.headerFields.map { ($0.name.rawName, $0.value) })
        let request = HTTPRequestHead(version: .http1_1, method: .GET, uri: endpoint.path, headers: headers)
        let upgrader = NIOWebSocketServerUpgrader(
            shouldUpgrade: { channel, _ in channel.eventLoop.makeSucceededFuture([:]) },
            upgradePipelineHandler: { channel, _ in channel.eventLoop.makeSucceededVoidFuture() }
        )
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        let answer = upgrader.buildUpgradeResponse(
            channel: context.channel,
            upgradeRequest: request,
            initialResponseHeaders: [:]
        )
        answer.whenComplete { result in
            let (handler, context) = bound.value
            guard case .success(let headers) = result, context.channel.isActive else {
                return context.close(promise: nil)
            }
            handler.finish(headers, admission, context)
        }
    }

    private func finish(_ headers: HTTPHeaders, _ admission: ChannelAdmission, _ context: ChannelHandlerContext) {
        var fields: HTTPFields = [
            .secWebSocketProtocol: UpgradeRequest.subprotocol, .xRequestID: admission.requestID.text,
        ]
        for (name, value) in headers {
            if let name = HTTPField.Name(name) { fields.append(HTTPField(name: name, value: value)) }
        }
        let head = HTTPResponse(status: .switchingProtocols, headerFields: fields)
        context.writeAndFlush(wrapOutboundOut(.head(head)), promise: nil)
        state = .upgraded
        do {
            try removeHTTP(context) { handler, context in handler.installWebSocket(admission, context) }
        } catch {
            context.close(mode: .all, promise: nil)
        }
    }

    /// Takes HTTP out of the pipeline; the decoder leaves in a later turn of the event loop, and only then may anything
    /// else be written.
    private func removeHTTP(
        _ context: ChannelHandlerContext,
        then next: @escaping @Sendable (ChannelUpgradeHandler, ChannelHandlerContext) -> Void
    ) throws {
        let pipeline = context.pipeline.syncOperations
        let decoder = try pipeline.context(handlerType: ByteToMessageHandler<HTTPRequestDecoder>.self)
        let others = [
            try pipeline.context(handlerType: ConnectionGuardHandler.self),
            try pipeline.context(handlerType: HTTP1ToHTTPServerCodec.self),
            try pipeline.context(handlerType: HTTPResponseEncoder.self),
        ]
        for handler in others {
            pipeline.removeHandler(context: handler, promise: nil)
        }
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        pipeline.removeHandler(context: decoder).whenComplete { _ in next(bound.value.0, bound.value.1) }
    }

    /// WebSocket in; the session handler reads by itself.
    ///
    /// Hummingbird's loop for this connection is told that its input has ended; its close stops at this handler.
    private func installWebSocket(_ admission: ChannelAdmission, _ context: ChannelHandlerContext) {
        guard context.channel.isActive else { return }
        guard !isStopping else { return context.close(mode: .all, promise: nil) }
        let session = WebSocketSessionHandler(
            configuration: endpoint.webSocket,
            timeouts: endpoint.timeouts,
            delegate: admission.delegate(on: context.eventLoop)
        )
        do {
            try session.install(in: context.pipeline.syncOperations, position: .before(self))
        } catch {
            context.close(mode: .all, promise: nil)
            return
        }
        context.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
    }

    // MARK: Hummingbird's side

    package func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch state {
        case .upgraded, .refused:
            promise?.succeed()
        case .http, .receiving, .deciding:
            if case .end = unwrapOutboundIn(data) { unanswered -= 1 }
            context.write(data, promise: promise)
        }
    }

    package func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        if case .upgraded = state {
            promise?.succeed()
        } else {
            context.close(mode: mode, promise: promise)
        }
    }

    package func read(context: ChannelHandlerContext) {
        switch state {
        case .http, .receiving, .refused: context.read()
        case .deciding, .upgraded: break
        }
    }

    package func flush(context: ChannelHandlerContext) {
        if case .upgraded = state { return }
        context.flush()
    }

    package func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .upgraded = state {
            if event is ChannelShouldQuiesceEvent { isStopping = true }
            return
        }
        context.fireUserInboundEventTriggered(event)
    }
}

@available(*, unavailable)
extension ChannelUpgradeHandler: Sendable {}
