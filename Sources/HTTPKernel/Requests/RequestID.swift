import Domain

/// The id of a request: the caller's own if it is a sane one, else made here.
///
/// It stands in the answer, in problem details, log lines and audit events.
package struct EdgeRequestID: Hashable, Sendable, CustomStringConvertible {
    package let text: String

    package var description: String { text }

    /// Takes an incoming `X-Request-Id` of 1 to 64 characters out of `A-Z a-z 0-9 . _ -`; anything else is ignored,
    /// and so is what looks like one of our tokens, which must not reach a log.
    package init(incoming: String?) {
        if let incoming, Self.isSane(incoming) {
            text = incoming
        } else {
            text = Self.made()
        }
    }

    static func isSane(_ text: String) -> Bool {
        guard (1...64).contains(text.utf8.count), !text.contains("clv_") else { return false }
        return text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
                true
            default: false
            }
        }
    }

    private static func made() -> String {
        "req_" + Hexadecimal.encode(RandomSource.system.bytes(16))
    }
}
