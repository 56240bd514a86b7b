/// The server an address names: `https://host[:port][/prefix]`, or `http` for loopback.
///
/// User names, queries and fragments are refused: a secret could stand in them.
package struct WebOrigin: Sendable, Hashable, CustomStringConvertible {
    /// Whether TLS is spoken.
    package let isSecure: Bool
    /// Host name or IP address, without brackets, in lower case.
    package let host: String
    /// Port; 443 or 80 if the address gave none.
    package let port: Int
    /// Path in front of every request path, without a slash at the end; often empty.
    package let pathPrefix: String

    /// Reads an address.
    package init(parsing text: String) throws(TransportError) {
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { throw Self.fault("holds characters it may not") }
        let scheme: String
        switch text.lowercased() {
        case let lowered where lowered.hasPrefix("https://"): (scheme, isSecure) = ("https://", true)
        case let lowered where lowered.hasPrefix("http://"): (scheme, isSecure) = ("http://", false)
        default: throw Self.fault("must start with https:// or http://")
        }
        let rest = text.dropFirst(scheme.count)
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        let path = rest.dropFirst(authority.count)
        guard !authority.contains("@") else { throw Self.fault("may not hold a user name or password") }
        guard !path.contains("?"), !path.contains("#") else { throw Self.fault("may not hold a query or fragment") }
        let (name, portText) = try Self.split(authority)
        let port = portText.map { Int($0) ?? 0 } ?? (isSecure ? 443 : 80)
        guard (1...65_535).contains(port) else {
            throw Self.fault("has a bad port")
        }
        host = name.lowercased()
        self.port = port
        var prefix = String(path)
        while prefix.hasSuffix("/") { prefix.removeLast() }
        pathPrefix = prefix
    }

    private static func split(_ authority: Substring) throws(TransportError) -> (host: String, port: Substring?) {
        let host: Substring
        let after: Substring
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else { throw fault("has a bad host") }
            host = authority[authority.index(after: authority.startIndex)..<end]
            after = authority[authority.index(after: end)...]
            guard host.utf8.allSatisfy({ isHexDigit($0) || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: ".") }) else {
                throw fault("has a bad host")
            }
        } else {
            host = authority.prefix { $0 != ":" }
            after = authority.dropFirst(host.count)
            guard host.utf8.allSatisfy(isHostByte) else { throw fault("has a bad host") }
        }
        guard !host.isEmpty, host.utf8.count <= 253 else { throw fault("has no host") }
        guard after.isEmpty || after.hasPrefix(":") else { throw fault("has a bad host") }
        let port = after.dropFirst()
        guard port.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { throw fault("has a bad port") }
        return (String(host), after.isEmpty ? nil : port)
    }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x46, 0x61...0x66: true
        default: false
        }
    }

    private static func isHostByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"): true
        default: false
        }
    }

    private static func fault(_ what: String) -> TransportError {
        TransportError(.badAddress, "The server address \(what).")
    }

    /// Whether the address never leaves this machine.
    package var isLoopback: Bool {
        if host == "localhost" || host == "::1" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts.first == "127" && parts.allSatisfy { UInt8($0) != nil }
    }

    /// Host and port as they stand in `Host` and `CONNECT`.
    package var authority: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == (isSecure ? 443 : 80) ? name : "\(name):\(port)"
    }

    package var description: String { "\(isSecure ? "https" : "http")://\(authority)\(pathPrefix)" }
}
