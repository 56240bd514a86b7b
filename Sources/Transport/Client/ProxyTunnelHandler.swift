import NIOCore

/// Asks an HTTP proxy for a tunnel (RFC 9110, section 9.3.6) and leaves the pipeline when it stands.
final class ProxyTunnelHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private static let limit = 8_192
    private let authority: String
    private let authorization: String?
    private let opened: EventLoopPromise<Void>
    private var received = ByteBuffer()

    /// `authority` is host and port of the server behind the proxy, port always given.
    init(authority: String, authorization: String?, opened: EventLoopPromise<Void>) {
        self.authority = authority
        self.authorization = authorization
        self.opened = opened
    }

    func handlerAdded(context: ChannelHandlerContext) {
        var request = "CONNECT \(authority) HTTP/1.1\r\nHost: \(authority)\r\n"
        if let authorization { request += "Proxy-Authorization: \(authorization)\r\n" }
        request += "\r\n"
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: request)), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        received.writeImmutableBuffer(unwrapInboundIn(data))
        let view = received.readableBytesView
        guard let end = view.firstRange(of: Array("\r\n\r\n".utf8)) else {
            if view.count > Self.limit { refuse("The proxy's answer is too long.") }
            return
        }
        let words = String(decoding: view[..<end.lowerBound], as: UTF8.self).prefix { $0 != "\r\n" }.split(
            separator: " ",
            maxSplits: 2
        )
        guard words.count >= 2, words[0].hasPrefix("HTTP/1."), let status = Int(words[1]) else {
            return refuse("The proxy did not answer with HTTP.")
        }
        guard (200...299).contains(status) else { return refuse("The proxy answered with status \(status).") }
        guard end.upperBound == view.endIndex else { return refuse("The proxy sent bytes of its own into the tunnel.") }
        let opened = opened
        let removed = context.eventLoop.makePromise(of: Void.self)
        removed.futureResult.cascade(to: opened)
        context.pipeline.syncOperations.removeHandler(context: context, promise: removed)
    }

    func channelInactive(context: ChannelHandlerContext) {
        refuse("The proxy closed the connection.")
        context.fireChannelInactive()
    }

    private func refuse(_ message: String) {
        opened.fail(TransportError(.proxyRefused, message))
    }
}
