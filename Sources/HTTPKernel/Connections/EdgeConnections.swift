package import HummingbirdCore
package import NIOCore

/// How every connection of a server is set up.
package enum EdgeConnections {
    /// Hummingbird's `.http1` pipeline with our limits, the guard first, then the given handlers.
    ///
    /// `handlers` are made anew for each connection; the agents' upgrade handler is one.
    package static func configuration(
        limits: EdgeLimits,
        metrics: ConnectionMetrics,
        handlers: @escaping @Sendable () -> [any RemovableChannelHandler] = { [] }
    ) -> HTTP1Channel.Configuration {
        HTTP1Channel.Configuration(
            additionalChannelHandlers: [ConnectionGuardHandler(limits: limits, metrics: metrics)] + handlers(),
            idleTimeout: TimeAmount(limits.idle),
            httpDecoderConfiguration: .init(
                maxHeaderFieldSize: limits.headerFieldBytes,
                maxHeaderListSize: limits.headerBytes,
                maxHeaderFieldCount: limits.headerCount
            )
        )
    }
}
