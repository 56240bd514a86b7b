/// Takes token shapes out of free text before it is written anywhere.
package enum SecretRedaction {
    /// Replaces whatever looks like a token, whole or cut off or mistyped, by `clv_ag_…[redacted]`.
    ///
    /// A shape is `clv_`, two letters or digits, `_`, and eight or more base62 characters: a mangled token is treated
    /// like a good one, for its owner's secret is in it all the same.
    package static func redact(_ text: String) -> String {
        let bytes = Array(text.utf8)
        guard bytes.count >= 15 else { return text }
        var kept: [UInt8] = []
        var place = 0
        var found = false
        while place < bytes.count {
            if let end = shapeEnd(in: bytes, from: place) {
                kept += bytes[place..<(place + 7)]
                kept += Array("…[redacted]".utf8)
                place = end
                found = true
            } else {
                kept.append(bytes[place])
                place += 1
            }
        }
        return found ? String(decoding: kept, as: UTF8.self) : text
    }

    private static let lead = Array("clv_".utf8)

    private static func shapeEnd(in bytes: [UInt8], from start: Int) -> Int? {
        guard isLead(in: bytes, at: start) else { return nil }
        var end = start + 7
        while end < bytes.count, Base62.contains(bytes[end]), !isLead(in: bytes, at: end) { end += 1 }
        return end - start >= 15 ? end : nil
    }

    private static func isLead(in bytes: [UInt8], at start: Int) -> Bool {
        bytes.count - start >= 7 && bytes[start..<(start + 4)].elementsEqual(lead, by: sameIgnoringCase)
            && Base62.contains(bytes[start + 4]) && Base62.contains(bytes[start + 5])
            && bytes[start + 6] == UInt8(ascii: "_")
    }

    private static func sameIgnoringCase(_ left: UInt8, _ right: UInt8) -> Bool {
        (0x41...0x5A).contains(left) ? left + 0x20 == right : left == right
    }
}
