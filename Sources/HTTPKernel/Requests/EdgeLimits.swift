/// The bounds of a connection and a request.
///
/// Tests shorten the times.
package struct EdgeLimits: Sendable {
    /// How long a new connection may take to its first complete head, and a later head from its first bytes to its end.
    ///
    /// Default 10 s.
    package var head = Duration.seconds(10)
    /// How long a body may take from its head to its end, in all.
    ///
    /// Default 30 s.
    package var body = Duration.seconds(30)
    /// How long a kept connection may be idle between requests.
    ///
    /// Default 75 s.
    package var idle = Duration.seconds(75)
    /// The longest body that is read.
    ///
    /// Default 1 MiB.
    package var bodyBytes = 1 << 20
    /// Most header fields of a request.
    ///
    /// Default 100.
    package var headerCount = 100
    /// The longest header field, name and value.
    ///
    /// Default 16 KiB.
    package var headerFieldBytes = 16 << 10
    /// All header fields together.
    ///
    /// Default 32 KiB.
    package var headerBytes = 32 << 10

    package init() {}
}
