/// What went wrong on the network.
///
/// Never carries a header, a body or a credential.
package struct TransportError: Error, Equatable, CustomStringConvertible {
    /// The kinds of fault; a caller decides by these.
    package struct Code: Sendable, Hashable {
        let name: String

        /// The address is not one this program can use.
        package static let badAddress = Code(name: "bad-address")
        /// Plain http to an address that is not loopback.
        package static let plainTextRefused = Code(name: "plain-text-refused")
        /// No connection could be made.
        package static let connectFailed = Code(name: "connect-failed")
        /// The peer could not prove who it is, or TLS failed otherwise.
        package static let tlsFailed = Code(name: "tls-failed")
        /// The proxy did not open the tunnel.
        package static let proxyRefused = Code(name: "proxy-refused")
        /// The time limit ran out.
        package static let timedOut = Code(name: "timed-out")
        /// The connection ended before the answer was complete.
        package static let connectionLost = Code(name: "connection-lost")
        /// The answer is not HTTP, or not the handshake that was asked for.
        package static let badAnswer = Code(name: "bad-answer")
        /// The answer's body is larger than the limit.
        package static let bodyTooLarge = Code(name: "body-too-large")
        /// The caller's task was cancelled.
        package static let cancelled = Code(name: "cancelled")
    }

    package let code: Code
    /// One sentence for a person.
    package let message: String
    /// What the library below reported, for the log.
    package let cause: String?

    package init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause.map { String(describing: $0) }
    }

    package var description: String { cause.map { "\(message) (\($0))" } ?? message }

    /// Equal if they are of one kind.
    package static func == (left: TransportError, right: TransportError) -> Bool { left.code == right.code }
}
