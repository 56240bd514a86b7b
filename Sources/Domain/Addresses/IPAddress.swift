/// An IP address, version 4 or 6, as 128 bits that are compared in two words.
///
/// An IPv4 address is kept in its IPv4-mapped form (`::ffff:a.b.c.d`, RFC 4291 §2.5.5.2), so that both ways of writing it
/// are one value: nobody passes an address list, and nobody is kept out by one, because of how a socket tells an address.
package struct IPAddress: Hashable, Comparable, Sendable, CustomStringConvertible {
    let high: UInt64
    let low: UInt64

    /// The address with these 128 bits; IPv4 ones lie in `::ffff:0:0/96`.
    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// The IPv4 address with these 32 bits, the first octet in the highest.
    package init(v4 bits: UInt32) {
        self.init(high: 0, low: 0xFFFF_0000_0000 | UInt64(bits))
    }

    /// The address of 4 or 16 bytes in network order; `nil` for any other number of bytes.
    package init?(bytes: some Collection<UInt8>) {
        switch bytes.count {
        case 4:
            self.init(v4: bytes.reduce(0) { $0 << 8 | UInt32($1) })
        case 16:
            self.init(
                high: bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) },
                low: bytes.dropFirst(8).reduce(0) { $0 << 8 | UInt64($1) }
            )
        default:
            return nil
        }
    }

    /// Reads an address as text, without port, prefix length, brackets, blanks or zone.
    ///
    /// IPv4 is four decimal numbers without leading zeros (some programs read those as octal). IPv6 is what RFC 4291 §2.2
    /// allows: one `::` for at least one group, capitals, and a dotted IPv4 address as the last 32 bits.
    package init?(_ text: String) {
        guard let address = AddressReader.address(text.utf8[...]) else { return nil }
        self = address
    }

    package var isIPv6: Bool { high != 0 || low >> 32 != 0xFFFF }

    /// Whether it is 127.0.0.0/8 or ::1.
    package var isLoopback: Bool {
        isIPv6 ? high == 0 && low == 1 : low >> 24 & 0xFF == 127
    }

    /// The bytes in network order: 4 or 16.
    package var bytes: [UInt8] {
        ((isIPv6 ? 0 : 12)..<16).map { (place: Int) -> UInt8 in
            let word = place < 8 ? high : low
            return UInt8(truncatingIfNeeded: word >> UInt64((7 - place % 8) * 8))
        }
    }

    /// The canonical text: dotted decimal, or RFC 5952 (lower case, the longest run of zero groups as `::`).
    package var text: String {
        guard isIPv6 else {
            return "\(low >> 24 & 0xFF).\(low >> 16 & 0xFF).\(low >> 8 & 0xFF).\(low & 0xFF)"
        }
        let groups = (0..<8).map { (place: Int) -> UInt64 in
            let word = place < 4 ? high : low
            return word >> UInt64((3 - place % 4) * 16) & 0xFFFF
        }
        func joined(_ range: Range<Int>) -> String {
            groups[range].map { String($0, radix: 16) }.joined(separator: ":")
        }
        guard let zeros = Self.longestRunOfZeros(groups) else { return joined(0..<8) }
        return "\(joined(0..<zeros.lowerBound))::\(joined(zeros.upperBound..<8))"
    }

    package var description: String { text }

    package static func < (left: IPAddress, right: IPAddress) -> Bool {
        (left.high, left.low) < (right.high, right.low)
    }

    /// The longest run of at least two zero groups, the first of several equally long ones (RFC 5952 §4.2).
    private static func longestRunOfZeros(_ groups: [UInt64]) -> Range<Int>? {
        var longest: Range<Int>?
        var start = 0
        for index in 0...8 where index == 8 || groups[index] != 0 {
            if index - start >= 2, index - start > longest?.count ?? 0 { longest = start..<index }
            start = index + 1
        }
        return longest
    }
}
