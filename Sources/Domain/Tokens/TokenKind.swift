/// What a token is for; the two letters stand in its text.
package enum TokenKind: String, CaseIterable, Sendable {
    case agent = "ag"
    case personal = "pt"
    case service = "sa"
    case session = "ss"
    case setup = "su"
    case invitation = "iv"
    case recovery = "rc"
    case install = "in"

    /// `clv_ag_` and so on: what every token of this kind starts with.
    package var lead: String { "clv_\(rawValue)_" }

    /// The kind that a text begins with, read without making texts of all kinds.
    init?(lead bytes: Slice<UnsafeBufferPointer<UInt8>>) {
        let start = bytes.startIndex
        guard bytes.count == 7, bytes.starts(with: "clv_".utf8), bytes[start + 6] == UInt8(ascii: "_") else {
            return nil
        }
        self.init(rawValue: String(decoding: bytes[(start + 4)..<(start + 6)], as: UTF8.self))
    }

    /// The kind in words, for messages.
    package var name: String {
        switch self {
        case .agent: "agent"
        case .personal: "personal"
        case .service: "service"
        case .session: "session"
        case .setup: "setup"
        case .invitation: "invitation"
        case .recovery: "recovery"
        case .install: "install"
        }
    }
}
