internal import Domain

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
            guard host.contains(":"), IPAddress(host) != nil else { return nil }
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
