package import HummingbirdCore
package import NIOCore

/// How every connection of a server is set up.
package enum EdgeConnections {
    /// Hummingbird's HTTP/1.1 pipeline with our limits, the guard first, then the given handlers.
    ///
    /// `handlers` are made anew for each connection; the agents' upgrade handler is one.
    package static func builder(
        limits: EdgeLimits,
        metrics: ConnectionMetrics,
        handlers: @escaping @Sendable () -> [any RemovableChannelHandler] = { [] }
    ) -> HTTPServerBuilder {
        let configuration = HTTP1Channel.Configuration(
            additionalChannelHandlers: [ConnectionGuardHandler(limits: limits, metrics: metrics)] + handlers(),
            idleTimeout: TimeAmount(limits.idle),
            httpDecoderConfiguration: .init(
                maxHeaderFieldSize: limits.headerFieldBytes,
                maxHeaderListSize: limits.headerBytes,
                maxHeaderFieldCount: limits.headerCount
            )
        )
        return HTTPServerBuilder { LoopBoundChannel(HTTP1Channel(responder: $0, configuration: configuration)) }
    }
}
