package import Domain
package import NIOCore

extension IPAddress {
    /// The address of a socket; `nil` for one without IP.
    package init?(_ address: SocketAddress) {
        // The layout of `sockaddr_in` and `sockaddr_in6` (RFC 3493, section 3.3): the address stands at byte 4 and 8.
        let range: Range<Int>
        switch address {
        case .v4: range = 4..<8
        case .v6: range = 8..<24
        case .unixDomainSocket: return nil
        }
        let read = address.withSockAddr { pointer, size in
            let bytes = UnsafeRawBufferPointer(start: pointer, count: size)
            return bytes.count >= range.upperBound ? IPAddress(bytes: bytes[range]) : nil
        }
        guard let read else { return nil }
        self = read
    }
}
