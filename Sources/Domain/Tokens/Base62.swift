/// The alphabet of tokens: `0-9A-Za-z`.
package enum Base62 {
    private static let alphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)

    package static func contains(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: false
        }
    }

    /// Writes a number with this many digits, padded with `0` on the left.
    package static func digits(of number: UInt32, count: Int) -> [UInt8] {
        var digits = [UInt8](repeating: alphabet[0], count: count)
        var rest = number
        for place in stride(from: count - 1, through: 0, by: -1) {
            digits[place] = alphabet[Int(rest % 62)]
            rest /= 62
        }
        return digits
    }

    /// Whether these are the digits of a number, padded with `0` on the left.
    package static func isWritten(_ number: UInt32, in digits: some BidirectionalCollection<UInt8>) -> Bool {
        var rest = number
        var differs = false
        for digit in digits.reversed() {
            differs = differs || digit != alphabet[Int(rest % 62)]
            rest /= 62
        }
        return !differs
    }

    /// Draws characters, each equally likely: a byte of 248 or more is thrown away, for 248 is 4 · 62.
    package static func random(count: Int, from source: RandomSource) -> [UInt8] {
        var drawn: [UInt8] = []
        drawn.reserveCapacity(count)
        while drawn.count < count {
            for byte in source.bytes(count - drawn.count + 4) where byte < 248 && drawn.count < count {
                drawn.append(alphabet[Int(byte % 62)])
            }
        }
        return drawn
    }
}
