internal import Domain

/// Which hosts this server answers for (OPS-3): that of `public_url`, and the loopback names.
package struct HostCheck: Sendable {
    /// The names by which a machine reaches itself.
    private static let loopback: Set<String> = ["localhost", "127.0.0.1", "[::1]"]

    private let hosts: Set<String>
    /// Whether the public host is this machine, for itself alone.
    package let isLoopback: Bool

    /// `publicHost` without port, as it stands in `public_url`.
    package init(publicHost: String) {
        let publicHost = Self.normalised(publicHost)
        hosts = Self.loopback.union([publicHost])
        isLoopback = Self.loopback.contains(publicHost) || IPAddress(publicHost)?.isLoopback == true
    }

    /// The check for an `http` or `https` URL.
    package init?(publicURL: String) {
        let schemes = ["http://", "https://"]
        guard let scheme = schemes.first(where: { publicURL.lowercased().hasPrefix($0) }) else { return nil }
        let rest = publicURL.dropFirst(scheme.count)
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        guard !authority.isEmpty, !authority.contains("@"), let host = Self.host(of: String(authority)) else {
            return nil
        }
        self.init(publicHost: host)
    }

    /// Whether a request with this authority may be answered; a request without one may not.
    package func accepts(_ authority: String?) -> Bool {
        guard let authority, let host = Self.host(of: authority) else { return false }
        return hosts.contains(Self.normalised(host))
    }

    /// The host of `host[:port]`, brackets kept; nil if it is none.
    static func host(of authority: String) -> String? {
        if authority.first == "[" {
            guard let end = authority.firstIndex(of: "]") else { return nil }
            let rest = authority[authority.index(after: end)...]
            guard rest.isEmpty || isPort(rest) else { return nil }
            return String(authority[...end])
        }
        guard let colon = authority.utf8.firstIndex(of: UInt8(ascii: ":")) else {
            return authority.isEmpty ? nil : authority
        }
        guard isPort(authority[colon...]), colon != authority.startIndex else { return nil }
        return String(authority[..<colon])
    }

    private static func isPort(_ text: Substring) -> Bool {
        guard text.first == ":", text.utf8.count <= 6 else { return false }
        return text.utf8.dropFirst().allSatisfy { (0x30...0x39).contains($0) }
    }

    private static func normalised(_ host: String) -> String {
        let lower = host.lowercased()
        return lower.hasSuffix(".") ? String(lower.dropLast()) : lower
    }
}
