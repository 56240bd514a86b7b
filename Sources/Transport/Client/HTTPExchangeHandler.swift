import NIOCore
import NIOHTTP1

/// Asks one question on a fresh connection and collects the answer, or hands the connection over after a 101.
final class HTTPExchangeHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    /// What an exchange ended with.
    enum Outcome: Sendable {
        case answer(HTTPAnswer)
        case switched
    }

    /// Checks a 101 answer and puts the new protocol's handlers at the end of the pipeline.
    typealias Switch = (HTTPResponseHead, ChannelPipeline.SynchronousOperations) throws -> Void

    private let head: HTTPRequestHead
    private let body: [UInt8]
    private let bodyLimit: Int
    private let outcome: EventLoopPromise<Outcome>
    private let onSwitch: Switch?
    private var answerHead: HTTPResponseHead?
    private var answerBody: [UInt8] = []
    private var isSwitched = false
    /// What came with the 101, until HTTP has left the pipeline: an answer to it must not pass the HTTP handlers.
    private var held: [NIOAny] = []

    init(
        head: HTTPRequestHead,
        body: [UInt8],
        bodyLimit: Int,
        outcome: EventLoopPromise<Outcome>,
        onSwitch: Switch?
    ) {
        self.head = head
        self.body = body
        self.bodyLimit = bodyLimit
        self.outcome = outcome
        self.onSwitch = onSwitch
    }

    func handlerAdded(context: ChannelHandlerContext) {
        guard context.channel.isActive else {
            return outcome.fail(TransportError(.connectionLost, "The connection ended before anything was asked."))
        }
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if !body.isEmpty { context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: body)))), promise: nil) }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isSwitched else { return held.append(data) }
        switch unwrapInboundIn(data) {
        case .head(let head): answerHead = head
        case .body(let part):
            guard answerBody.count + part.readableBytes <= bodyLimit else {
                return outcome.fail(TransportError(.bodyTooLarge, "The answer is larger than \(bodyLimit) bytes."))
            }
            answerBody += part.readableBytesView
        case .end: complete(context)
        }
    }

    private func complete(_ context: ChannelHandlerContext) {
        guard let head = answerHead else { return }
        if head.status == .switchingProtocols {
            do {
                try switchProtocols(head, context)
            } catch {
                let fault = error as? TransportError
                outcome.fail(fault ?? TransportError(.badAnswer, "The handshake failed.", cause: error))
            }
            return
        }
        let answer = HTTPAnswer(status: Int(head.status.code), headers: head.headers, body: answerBody)
        outcome.succeed(.answer(answer))
        context.close(promise: nil)
    }

    private func switchProtocols(_ head: HTTPResponseHead, _ context: ChannelHandlerContext) throws {
        guard let onSwitch else {
            throw TransportError(.badAnswer, "The server changed the protocol without being asked.")
        }
        let pipeline = context.pipeline.syncOperations
        isSwitched = true
        try onSwitch(head, pipeline)
        let decoder = try pipeline.context(handlerType: ByteToMessageHandler<HTTPResponseDecoder>.self)
        let encoder = try pipeline.context(handlerType: HTTPRequestEncoder.self)
        pipeline.removeHandler(context: encoder, promise: nil)
        // Bytes that came with the 101 leave the decoder as it goes, wait here, and reach the new handlers afterwards.
        let removed = context.eventLoop.makePromise(of: Void.self)
        removed.futureResult.assumeIsolated().whenComplete { _ in
            for data in self.held { context.fireChannelRead(data) }
            if !self.held.isEmpty { context.fireChannelReadComplete() }
            pipeline.removeHandler(context: context, promise: nil)
        }
        pipeline.removeHandler(context: decoder, promise: removed)
        outcome.succeed(.switched)
    }

    func channelInactive(context: ChannelHandlerContext) {
        outcome.fail(TransportError(.connectionLost, "The connection ended before the answer was complete."))
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard !isSwitched else { return context.fireErrorCaught(error) }
        outcome.fail(TransportError.from(error))
        context.close(promise: nil)
    }
}
