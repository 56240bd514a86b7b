extension JSONScanner {
    /// Scans a string whose quotation mark stands at the current position.
    mutating func scanString() throws(JSONError) {
        let start = position + 1
        var cursor = start
        var isPlain = true
        while cursor < bytes.count {
            let byte = bytes[cursor]
            switch byte {
            case UInt8(ascii: "\""):
                append(.string, start: start, end: cursor, isPlain: isPlain)
                position = cursor + 1
                return
            case UInt8(ascii: "\\"):
                isPlain = false
                cursor = try scanEscape(at: cursor)
            case 0x00..<0x20:
                throw fault(.invalidString, "Byte \(cursor) is a control character; it must be written as an escape.")
            case 0x80...:
                isPlain = false
                cursor = try scanMultibyte(at: cursor)
            default:
                cursor += 1
            }
        }
        throw endOfText()
    }

    /// Checks one escape and returns the position behind it.
    private func scanEscape(at start: Int) throws(JSONError) -> Int {
        guard start + 1 < bytes.count else { throw endOfText() }
        switch bytes[start + 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            return start + 2
        case UInt8(ascii: "u"):
            return try scanUnicodeEscape(at: start)
        default:
            throw fault(
                .invalidString,
                "The escape at byte \(start) must be one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u."
            )
        }
    }

    private func scanUnicodeEscape(at start: Int) throws(JSONError) -> Int {
        let unit = try hexadecimal(at: start + 2)
        guard unit != 0 else {
            throw fault(.invalidString, "U+0000 at byte \(start) is not allowed in a string.")
        }
        guard unit & 0xF800 == 0xD800 else { return start + 6 }
        let lone = "The surrogate at byte \(start) must be one of a pair: a high one, then a low one."
        guard unit < 0xDC00 else { throw fault(.invalidString, lone) }
        guard start + 7 < bytes.count else {
            let rest = bytes[(start + 6)...]
            let mayContinue = rest.isEmpty || rest.first == UInt8(ascii: "\\")
            throw mayContinue ? endOfText() : fault(.invalidString, lone)
        }
        guard bytes[start + 6] == UInt8(ascii: "\\"), bytes[start + 7] == UInt8(ascii: "u") else {
            throw fault(.invalidString, lone)
        }
        guard try hexadecimal(at: start + 8) & 0xFC00 == 0xDC00 else { throw fault(.invalidString, lone) }
        return start + 12
    }

    private func hexadecimal(at start: Int) throws(JSONError) -> UInt32 {
        var value: UInt32 = 0
        for offset in 0..<4 {
            guard start + offset < bytes.count else { throw endOfText() }
            guard let digit = Self.hexadecimalDigit(bytes[start + offset]) else {
                throw fault(.invalidString, "Four hexadecimal digits must follow \\u at byte \(start - 2).")
            }
            value = value << 4 | digit
        }
        return value
    }

    /// The value of a hexadecimal digit, or nil.
    static func hexadecimalDigit(_ byte: UInt8) -> UInt32? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - UInt8(ascii: "A") + 10)
        default: nil
        }
    }

    /// Checks one character of two to four bytes (Unicode table 3-7) and returns the position behind it.
    private func scanMultibyte(at start: Int) throws(JSONError) -> Int {
        let lead = bytes[start]
        let length: Int
        var second: ClosedRange<UInt8> = 0x80...0xBF
        switch lead {
        case 0xC2...0xDF: length = 2
        case 0xE0: (length, second) = (3, 0xA0...0xBF)
        case 0xED: (length, second) = (3, 0x80...0x9F)
        case 0xE1...0xEF: length = 3
        case 0xF0: (length, second) = (4, 0x90...0xBF)
        case 0xF1...0xF3: length = 4
        case 0xF4: (length, second) = (4, 0x80...0x8F)
        default: throw fault(.invalidUTF8, "Byte \(start) is not valid UTF-8.")
        }
        for offset in 1..<length {
            guard start + offset < bytes.count else { throw endOfText() }
            let allowed = offset == 1 ? second : 0x80...0xBF
            guard allowed.contains(bytes[start + offset]) else {
                throw fault(.invalidUTF8, "Byte \(start + offset) is not valid UTF-8.")
            }
        }
        return start + length
    }
}
