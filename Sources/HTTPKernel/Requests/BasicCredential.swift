import ClavigerWire
package import HTTPTypes

/// User name and password of `Authorization: Basic` (RFC 7617), as OAuth clients prove themselves (RFC 6749, 2.3.1).
package struct BasicCredential: Sendable {
    package let user: String
    /// Never log it.
    package let password: String

    /// `WWW-Authenticate` for a client that used it in vain.
    package static let challenge = "Basic realm=\"claviger\", charset=\"UTF-8\""

    /// Whether a request shows one, readable or not.
    package static func isShown(_ fields: HTTPFields) -> Bool {
        fields.combined(.authorization)?.prefix(6).lowercased() == "basic "
    }

    /// `nil` for a request that shows no Basic credential; 401 for one that can't be read.
    package init?(_ fields: HTTPFields) throws(HTTPProblem) {
        let values = fields[values: .authorization]
        guard values.count == 1, let value = values.first, Self.isShown(fields) else { return nil }
        let encoded = value.utf8.dropFirst(6).drop { $0 == UInt8(ascii: " ") }
        guard encoded.count <= 4096, let bytes = Self.base64(encoded),
            let colon = bytes.firstIndex(of: UInt8(ascii: ":")),
            let user = Self.text(bytes[..<colon]), let password = Self.text(bytes[(colon + 1)...])
        else {
            throw .unauthorized(.missingCredential, "The Basic credential can't be read.")
        }
        self.user = user
        self.password = password
    }

    /// Each half is form-encoded before it is joined.
    private static func text(_ bytes: ArraySlice<UInt8>) -> String? {
        guard !bytes.contains(where: { $0 < 0x20 || $0 == UInt8(ascii: "&") || $0 == UInt8(ascii: "=") }) else {
            return nil
        }
        let text = PercentCoding.decoded(bytes, plusIsSpace: true)
        return text?.isEmpty == false ? text : nil
    }

    private static func base64(_ text: some Collection<UInt8>) -> [UInt8]? {
        var (bytes, bits, count): ([UInt8], UInt32, Int) = ([], 0, 0)
        var padding = 0
        for byte in text {
            if byte == UInt8(ascii: "=") {
                padding += 1
                continue
            }
            guard padding == 0, let digit = digit(byte) else { return nil }
            bits = bits << 6 | UInt32(digit)
            count += 6
            guard count >= 8 else { continue }
            count -= 8
            bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
        }
        return padding <= 2 && count < 6 ? bytes : nil
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte - UInt8(ascii: "A")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): byte - UInt8(ascii: "a") + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0") + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
