import Glibc

/// A host and a port to listen on, such as `127.0.0.1:8787`, `[::1]:0` or `localhost:8787`.
package struct ListenAddress: Sendable, Hashable {
    package let host: String
    package let port: Int

    init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    package init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":") else { return nil }
        let digits = text[text.index(after: colon)...]
        guard (1...5).contains(digits.utf8.count), digits.utf8.allSatisfy({ (48...57).contains($0) }),
            let port = Int(digits), port <= 65_535
        else { return nil }
        var host = String(text[..<colon])
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = String(host.dropFirst().dropLast())
            guard IPAddress(host)?.isIPv6 == true else { return nil }
        } else {
            guard Self.isHostName(host) else { return nil }
        }
        self.host = host
        self.port = port
    }

    /// The address as it is written, IPv6 in brackets.
    package var text: String { "\(bracketedHost):\(port)" }

    /// The host as it stands in a URL.
    package var bracketedHost: String { host.contains(":") ? "[\(host)]" : host }

    /// Whether only programs of this machine can reach it.
    package var isLoopback: Bool { host == "localhost" || IPAddress(host)?.isLoopback == true }

    /// Letters, digits, dots and hyphens; an address of digits and dots must be a whole IPv4 address.
    static func isHostName(_ host: String) -> Bool {
        guard (1...253).contains(host.utf8.count) else { return false }
        let labels = host.split(separator: ".", omittingEmptySubsequences: false)
        let wellFormed = labels.allSatisfy { label in
            (1...63).contains(label.utf8.count) && !label.hasPrefix("-") && !label.hasSuffix("-")
                && label.utf8.allSatisfy { isLetterOrDigit($0) || $0 == 45 }
        }
        guard wellFormed else { return false }
        let numeric = host.utf8.allSatisfy { (48...57).contains($0) || $0 == 46 }
        return !numeric || IPAddress(host) != nil
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
    }
}

/// A numeric address of version 4 or 6.
package struct IPAddress: Sendable, Hashable {
    /// Four or sixteen bytes in network order.
    package let bytes: [UInt8]

    package var isIPv6: Bool { bytes.count == 16 }

    /// 127.0.0.0/8, ::1, and the first mapped into IPv6.
    package var isLoopback: Bool {
        guard isIPv6 else { return bytes.first == 127 }
        let mapped = bytes.prefix(10).allSatisfy { $0 == 0 } && bytes[10] == 255 && bytes[11] == 255
        return bytes == Array(repeating: 0, count: 15) + [1] || (mapped && bytes[12] == 127)
    }

    package init?(_ text: String) {
        guard text.utf8.count <= 45, !text.isEmpty, !text.utf8.contains(0) else { return nil }
        let isIPv6 = text.contains(":")
        var bytes = [UInt8](repeating: 0, count: isIPv6 ? 16 : 4)
        guard inet_pton(isIPv6 ? AF_INET6 : AF_INET, text, &bytes) == 1 else { return nil }
        self.bytes = bytes
    }
}
