/// The plaintext of a credential: `clv_<kind>_`, 32 base62 characters, and 6 more that are the CRC-32 of all before.
///
/// It prints as `clv_ag_…[redacted]` in every way of printing and can't be encoded. Whoever must show it, once, calls
/// ``revealed()``.
package struct Token: Sendable {
    package let kind: TokenKind
    private let text: String

    /// The length of every token in bytes.
    package static let length = 45
    private static let leadLength = 7
    private static let checksumLength = 6

    /// Reads a token; whatever is malformed or mistyped ends here, without a look at the store.
    package init(parsing text: String) throws(TokenFormatError) {
        var text = text
        kind = try text.withUTF8 { Self.check($0) }.get()
        self.text = text
    }

    /// Makes a new token from random bytes.
    package static func make(_ kind: TokenKind, random: RandomSource) -> Token {
        var bytes = Array(kind.lead.utf8) + Base62.random(count: 32, from: random)
        bytes += Base62.digits(of: CRC32.checksum(bytes), count: checksumLength)
        return Token(kind: kind, text: String(decoding: bytes, as: UTF8.self))
    }

    private init(kind: TokenKind, text: String) {
        self.kind = kind
        self.text = text
    }

    private static func check(_ bytes: UnsafeBufferPointer<UInt8>) -> Result<TokenKind, TokenFormatError> {
        guard bytes.count == length else { return .failure(TokenFormatError(code: .wrongLength)) }
        guard let kind = TokenKind(lead: bytes[..<leadLength]) else {
            return .failure(TokenFormatError(code: .unknownKind))
        }
        guard bytes[leadLength...].allSatisfy(Base62.contains) else {
            return .failure(TokenFormatError(code: .wrongAlphabet))
        }
        let checked = bytes[..<(length - checksumLength)]
        guard Base62.isWritten(CRC32.checksum(checked), in: bytes[(length - checksumLength)...]) else {
            return .failure(TokenFormatError(code: .wrongChecksum))
        }
        return .success(kind)
    }

    /// What lists and audit may show: the kind and the first four random characters, `clv_ag_a1B2`.
    package var prefix: String { String(text.prefix(Self.leadLength + 4)) }

    /// The plaintext.
    ///
    /// Every call is a place where a secret leaves its box.
    package func revealed() -> String { text }
}

extension Token: Equatable {
    /// Compares all bytes, wherever the first difference is.
    package static func == (left: Token, right: Token) -> Bool {
        zip(left.text.utf8, right.text.utf8).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}

extension Token: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "\(kind.lead)…[redacted]" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// Why a text is not a token.
///
/// It carries nothing of the text.
package struct TokenFormatError: Error, Hashable, Sendable {
    package enum Code: String, Sendable {
        case wrongLength, unknownKind, wrongAlphabet, wrongChecksum
    }

    package let code: Code

    package init(code: Code) { self.code = code }
}
