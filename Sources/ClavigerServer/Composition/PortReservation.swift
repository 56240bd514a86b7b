internal import Domain
import Glibc

/// Turns port 0 into a free port that is known before the server listens, so that links can name it.
///
/// The reserving socket is bound but never listens. With `SO_REUSEADDR` on both, the server may bind the same port
/// beside it, while nobody is given the port by chance as long as it is held.
struct PortReservation: ~Copyable {
    /// The free port; nil if the address has a port of its own or is a name.
    let port: Int?
    private let descriptor: Int32

    init(_ address: ListenAddress) {
        let text = address.host == "localhost" ? "127.0.0.1" : address.host
        guard address.port == 0, let numeric = IPAddress(text), let socket = Self.socket(numeric) else {
            port = nil
            descriptor = -1
            return
        }
        port = Self.bind(socket, numeric)
        descriptor = socket
    }

    /// Names the place up to which the port is needed.
    borrowing func hold() {}

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    private static func socket(_ address: IPAddress) -> Int32? {
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let socket = Glibc.socket(address.isIPv6 ? AF_INET6 : AF_INET, kind, 0)
        guard socket >= 0 else { return nil }
        var one: Int32 = 1
        setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &one, socklen_t(MemoryLayout<Int32>.size))
        return socket
    }

    private static func bind(_ socket: Int32, _ address: IPAddress) -> Int? {
        var storage = sockaddr_storage()
        let length = fill(&storage, address)
        let bound = withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                var size = length
                return Glibc.bind(socket, generic, length) == 0 && getsockname(socket, generic, &size) == 0
            }
        }
        guard bound else { return nil }
        // Both families keep the port in the same two bytes, in network order.
        return withUnsafeBytes(of: storage) { Int($0[2]) << 8 | Int($0[3]) }
    }

    private static func fill(_ storage: inout sockaddr_storage, _ address: IPAddress) -> socklen_t {
        withUnsafeMutableBytes(of: &storage) { bytes in
            let family = UInt16(address.isIPv6 ? AF_INET6 : AF_INET)
            bytes.storeBytes(of: family, as: UInt16.self)
            let offset = address.isIPv6 ? 8 : 4
            for (index, byte) in address.bytes.enumerated() { bytes[offset + index] = byte }
            return socklen_t(address.isIPv6 ? MemoryLayout<sockaddr_in6>.size : MemoryLayout<sockaddr_in>.size)
        }
    }
}
