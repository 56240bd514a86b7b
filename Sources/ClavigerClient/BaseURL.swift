/// The origin of a server: scheme, host and port, nothing else.
struct BaseURL: Sendable, Hashable {
    /// `https://claviger.example:8443`, without a slash at the end.
    let text: String

    /// Reads and checks an origin.
    init(_ text: String, allowsPlainHTTP: Bool) throws(ClavigerClientError) {
        let lowered = text.lowercased()
        let isPlain = lowered.hasPrefix("http://")
        guard isPlain || lowered.hasPrefix("https://") else {
            throw Self.invalid("must begin with https:// or http://")
        }
        var rest = text.dropFirst(isPlain ? 7 : 8)
        if rest.hasSuffix("/") { rest = rest.dropLast() }
        let allowed = rest.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"/?#@\\%".utf8.contains($0) }
        guard !rest.isEmpty, allowed else {
            throw Self.invalid("must be scheme, host and port only, without path, user or query")
        }
        let host = try Self.host(of: rest)
        guard !isPlain || allowsPlainHTTP || Self.isLoopback(host) else {
            throw ClavigerClientError(
                .plainHTTPRefused,
                "\(host) would be reached over plain http, where anybody on the way can read tokens; use https."
            )
        }
        self.text = (isPlain ? "http://" : "https://") + rest
    }

    /// The host of an authority, without port and brackets.
    private static func host(of authority: Substring) throws(ClavigerClientError) -> String {
        let port: Substring
        let host: Substring
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else { throw invalid("has a bracket that is not closed") }
            host = authority[authority.index(after: authority.startIndex)..<end]
            port = authority[authority.index(after: end)...]
        } else {
            let colon = authority.firstIndex(of: ":") ?? authority.endIndex
            host = authority[..<colon]
            port = authority[colon...]
        }
        guard !host.isEmpty else { throw invalid("has no host") }
        guard port.isEmpty || (port.hasPrefix(":") && (UInt16(port.dropFirst()) ?? 0) > 0) else {
            throw invalid("has a port that is not a number from 1 to 65535")
        }
        return host.lowercased()
    }

    private static func invalid(_ fault: String) -> ClavigerClientError {
        ClavigerClientError(.invalidConfiguration, "The server URL \(fault).")
    }

    /// Whether a host is this machine by its own name: `localhost`, `::1`, or `127.0.0.0/8` written in full.
    static func isLoopback(_ host: String) -> Bool {
        if host == "localhost" || host == "::1" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4, parts[0] == "127" else { return false }
        return parts.allSatisfy { part in
            part.utf8.allSatisfy { (0x30...0x39).contains($0) } && UInt8(part) != nil
                && (part == "0" || part.first != "0")
        }
    }
}
