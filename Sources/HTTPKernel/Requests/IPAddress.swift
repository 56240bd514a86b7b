package import NIOCore

/// An IP address as bytes: 4 or 16, an IPv4-mapped IPv6 address always as its IPv4 one.
package struct IPAddress: Hashable, Sendable, CustomStringConvertible {
    package let bytes: [UInt8]

    private init(normalising bytes: [UInt8]) {
        let mapped: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]
        self.bytes = bytes.count == 16 && bytes.starts(with: mapped) ? Array(bytes[12...]) : bytes
    }

    /// Reads an IPv4 or IPv6 address, without port, zone or brackets.
    package init?(_ text: String) {
        guard !text.contains("%"), !text.isEmpty, text.utf8.count <= 45,
            let address = try? SocketAddress(ipAddress: text, port: 0)
        else { return nil }
        self.init(address)
    }

    /// The address of a socket; nil for one without IP.
    package init?(_ address: SocketAddress) {
        // The layout of `sockaddr_in` and `sockaddr_in6` (RFC 3493, section 3.3): the address stands at byte 4 and 8.
        let range: Range<Int>
        switch address {
        case .v4: range = 4..<8
        case .v6: range = 8..<24
        case .unixDomainSocket: return nil
        }
        let bytes = address.withSockAddr { pointer, size in
            Array(UnsafeRawBufferPointer(start: pointer, count: size))
        }
        guard bytes.count >= range.upperBound else { return nil }
        self.init(normalising: Array(bytes[range]))
    }

    package var isIPv6: Bool { bytes.count == 16 }

    /// Whether it is 127.0.0.0/8 or ::1.
    package var isLoopback: Bool {
        bytes.count == 4 ? bytes[0] == 127 : bytes == Array(repeating: 0, count: 15) + [1]
    }

    package var description: String {
        if bytes.count == 4 { return bytes.map { "\($0)" }.joined(separator: ".") }
        guard let address = try? SocketAddress(packedIPAddress: ByteBuffer(bytes: bytes), port: 0) else { return "" }
        return address.ipAddress ?? ""
    }
}

/// A range of addresses in CIDR form; a single address is its own range.
package struct IPRange: Hashable, Sendable, CustomStringConvertible {
    package let address: IPAddress
    package let prefixLength: Int

    /// Reads `10.0.0.0/8`, `fd00::/8` or a single address.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, let address = IPAddress(String(parts[0])) else { return nil }
        let width = address.bytes.count * 8
        if parts.count == 2 {
            guard (1...3).contains(parts[1].utf8.count), parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }),
                var length = Int(parts[1])
            else { return nil }
            // A mapped address was written with the 96 bits in front of it.
            if width == 32, parts[0].contains(":") { length -= 96 }
            guard (0...width).contains(length) else { return nil }
            prefixLength = length
        } else {
            prefixLength = width
        }
        self.address = address
    }

    /// Whether the address has bits set that the range leaves open.
    package var hasBitsBeyondPrefix: Bool {
        (prefixLength..<address.bytes.count * 8).contains { address.bytes[$0 / 8] & (0x80 >> UInt8($0 % 8)) != 0 }
    }

    package func contains(_ other: IPAddress) -> Bool {
        guard other.bytes.count == address.bytes.count else { return false }
        let whole = prefixLength / 8
        guard other.bytes[..<whole] == address.bytes[..<whole] else { return false }
        let rest = prefixLength % 8
        guard rest > 0 else { return true }
        let mask = UInt8(truncatingIfNeeded: 0xFF00 >> rest)
        return other.bytes[whole] & mask == address.bytes[whole] & mask
    }

    package var description: String { "\(address)/\(prefixLength)" }
}
