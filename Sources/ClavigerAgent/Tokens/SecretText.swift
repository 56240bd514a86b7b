/// A text that must not be printed.
///
/// Every way of printing it gives `[redacted]`; the one way to its content is the call that can be searched for.
package struct SecretText: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    private let text: String

    package init(_ text: String) { self.text = text }

    /// The content.
    package func revealed() -> String { text }

    package var description: String { "[redacted]" }
    package var debugDescription: String { "[redacted]" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// An agent token as the agent keeps it.
package struct StoredToken: Sendable, Equatable {
    package let text: SecretText
    /// The rotation that brought it; nil for the token of the enrolment.
    package let rotationID: String?
    /// When it expires, as the server wrote it.
    package let expiresAt: String?

    package init(text: SecretText, rotationID: String? = nil, expiresAt: String? = nil) {
        self.text = text
        self.rotationID = rotationID
        self.expiresAt = expiresAt
    }

    /// Whether a text has the shape of an agent token: `clv_ag_` and 38 characters of base62.
    package static func hasShape(_ text: String) -> Bool {
        let bytes = text.utf8
        guard text.hasPrefix("clv_ag_"), bytes.count == 45 else { return false }
        return bytes.dropFirst(7).allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
            default: false
            }
        }
    }
}
