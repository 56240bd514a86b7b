/// The 128 bits of an id, and their TypeID text: Crockford's base32 in lower case, 26 characters, the first at most `7`.
package struct TypeIDValue: Hashable, Comparable, Sendable {
    package let high: UInt64
    package let low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    package static func < (left: TypeIDValue, right: TypeIDValue) -> Bool {
        (left.high, left.low) < (right.high, right.low)
    }

    private static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)

    /// The value of each ASCII character, 255 for those outside the alphabet.
    private static let values: [UInt8] = {
        var table = [UInt8](repeating: 255, count: 256)
        for (value, character) in alphabet.enumerated() { table[Int(character)] = UInt8(value) }
        return table
    }()

    package var base32: String {
        String(unsafeUninitializedCapacity: 26) { characters in
            let alphabet = Self.alphabet
            var (high, low) = (high, low)
            for place in stride(from: 25, through: 0, by: -1) {
                characters[place] = alphabet[Int(low & 31)]
                low = low >> 5 | high << 59
                high >>= 5
            }
            return 26
        }
    }

    /// Reads 26 characters, or answers `nil`: capitals, `i l o u`, other lengths and more than 128 bits are refused.
    package init?(base32 characters: some Collection<UInt8>) {
        guard characters.count == 26, let first = characters.first, Self.values[Int(first)] <= 7 else { return nil }
        var high: UInt64 = 0
        var low: UInt64 = 0
        for character in characters {
            let value = Self.values[Int(character)]
            guard value < 32 else { return nil }
            high = high << 5 | low >> 59
            low = low << 5 | UInt64(value)
        }
        self.init(high: high, low: low)
    }
}
