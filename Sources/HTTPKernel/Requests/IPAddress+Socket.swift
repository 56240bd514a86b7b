package import Domain
package import NIOCore

extension IPAddress {
    /// The address of a socket; `nil` for one without IP.
    package init?(_ address: SocketAddress) {
        // The layout of `sockaddr_in` and `sockaddr_in6` (RFC 3493, section 3.3): the address stands at byte 4 and 8.
        switch address {
        case .v4:
            self.init(
                v4: address.withSockAddr { pointer, _ in
                    UInt32(bigEndian: UnsafeRawPointer(pointer).loadUnaligned(fromByteOffset: 4, as: UInt32.self))
                }
            )
        case .v6:
            let (high, low) = address.withSockAddr { pointer, _ in
                let bytes = UnsafeRawPointer(pointer)
                return (
                    bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self),
                    bytes.loadUnaligned(fromByteOffset: 16, as: UInt64.self)
                )
            }
            self.init(high: UInt64(bigEndian: high), low: UInt64(bigEndian: low))
        case .unixDomainSocket:
            return nil
        }
    }
}
