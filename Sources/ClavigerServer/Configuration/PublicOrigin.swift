/// The origin under which people and agents reach the server: scheme, host and port, no path (OPS-3).
package struct PublicOrigin: Sendable, Hashable {
    package let isSecure: Bool
    package let host: String
    package let port: Int

    /// Reads `https://claviger.example.com`, with or without a port and with at most one slash at the end.
    package init?(_ text: String) {
        var rest: Substring
        if text.hasPrefix("https://") {
            isSecure = true
            rest = text.dropFirst("https://".count)
        } else if text.hasPrefix("http://") {
            isSecure = false
            rest = text.dropFirst("http://".count)
        } else {
            return nil
        }
        if rest.hasSuffix("/") { rest.removeLast() }
        let standardPort = isSecure ? 443 : 80
        let hasPort = rest.hasSuffix("]") ? false : rest.contains(":")
        guard let address = ListenAddress(hasPort ? String(rest) : "\(rest):\(standardPort)"), address.port > 0 else {
            return nil
        }
        host = address.bracketedHost.lowercased()
        port = address.port
    }

    /// The origin without a slash at the end and without the scheme's own port.
    package var text: String {
        "\(isSecure ? "https" : "http")://\(host)\(port == (isSecure ? 443 : 80) ? "" : ":\(port)")"
    }

    /// Whether only this machine can reach it.
    package var isLoopback: Bool { ListenAddress("\(host):\(port)")?.isLoopback == true }
}
