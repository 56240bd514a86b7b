/// A range of addresses in CIDR form (RFC 4632); an address alone is a range of one.
///
/// A range of one version holds no address of the other: `::/0` is all of IPv6 and nothing of IPv4. A range written in
/// IPv4-mapped form, such as `::ffff:10.0.0.0/104`, is the IPv4 range that it means, here `10.0.0.0/8`.
package struct AddressRange: Hashable, Sendable, CustomStringConvertible {
    /// The first address of the range.
    package let address: IPAddress
    /// How many bits all addresses of the range share: up to 32 or 128.
    package let prefixLength: Int

    private let highMask: UInt64
    private let lowMask: UInt64

    /// The range around an address, bits behind the prefix cleared; `length` counts from the 128th bit.
    private init(around address: IPAddress, commonBits length: Int) {
        highMask = Self.mask(length)
        lowMask = Self.mask(length - 64)
        self.address = IPAddress(high: address.high & highMask, low: address.low & lowMask)
        prefixLength = self.address.isIPv6 ? length : length - 96
    }

    /// The range of this one address.
    package init(_ address: IPAddress) {
        self.init(around: address, commonBits: 128)
    }

    /// Reads an address, alone or with `/` and a prefix length.
    ///
    /// Bits behind the prefix are refused, because they are a slip more often than a wish; the fault's sentence has the
    /// range without them.
    package init(parsing text: String) throws(AddressFault) {
        let bytes = text.utf8
        guard bytes.count <= AddressReader.longest + 4 else { throw .malformedAddress }
        let slash = bytes.firstIndex(of: UInt8(ascii: "/"))
        let head = bytes[..<(slash ?? bytes.endIndex)]
        guard !head.contains(UInt8(ascii: "%")) else { throw .zoneRefused }
        guard let address = AddressReader.address(head) else { throw .malformedAddress }
        guard let slash else {
            self.init(address)
            return
        }
        let width = head.contains(UInt8(ascii: ":")) ? 128 : 32
        guard let length = AddressReader.number(bytes[bytes.index(after: slash)...]) else {
            throw .malformedPrefix(width)
        }
        guard length <= width else { throw .prefixTooLong(width) }
        self.init(around: address, commonBits: 128 - width + length)
        guard self.address == address else { throw .hostBitsSet(corrected: self) }
    }

    /// Whether the address lies in the range: two comparisons of words.
    package func contains(_ other: IPAddress) -> Bool {
        (other.high ^ address.high) & highMask | (other.low ^ address.low) & lowMask == 0
            && other.isIPv6 == address.isIPv6
    }

    /// The canonical text, always with the prefix length.
    package var text: String { "\(address.text)/\(prefixLength)" }
    package var description: String { text }

    /// A word whose first `length` bits are set; none for what is below 0, all for what is above 64.
    private static func mask(_ length: Int) -> UInt64 {
        length <= 0 ? 0 : length >= 64 ? .max : .max << UInt64(64 - length)
    }
}
