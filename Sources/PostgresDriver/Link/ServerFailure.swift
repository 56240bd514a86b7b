/// Why something on a connection failed, with the server's SQLSTATE if the server said it.
///
/// The message is the server's first sentence or libpq's; the details, which quote values, are never taken.
package struct ServerFailure: Error, Sendable {
    package enum Kind: Sendable {
        /// The server refused a statement; the connection is as good as before.
        case refused
        /// The connection is gone, or can't be used any more.
        case lost
        /// A deadline passed; what was running was cancelled.
        case late
        /// Nobody wants the answer any more; what was running was cancelled.
        case left
    }

    package let kind: Kind
    /// Five characters, or empty if the server said nothing.
    package let state: String
    package let message: String

    package init(_ kind: Kind, state: String = "", _ message: String) {
        self.kind = kind
        self.state = state
        self.message = message
    }
}

extension ServerFailure: CustomStringConvertible {
    package var description: String { state.isEmpty ? message : "\(state): \(message)" }
}
