/// The proxy for https connections, from `HTTPS_PROXY` and `NO_PROXY` (or their lower-case forms).
///
/// `NO_PROXY` is a list with commas: `*` for all, names that also cover their sub-domains (with or without a leading
/// dot), addresses, each with an optional port. Loopback never goes through a proxy.
package struct ProxySettings: Sendable {
    /// The proxy's own address.
    struct Proxy: Sendable, Equatable {
        let host: String
        let port: Int
        /// Value of `Proxy-Authorization`, if the address held a user name.
        let authorization: String?
    }

    let proxy: Proxy?
    private let exceptions: [String]

    /// No proxy at all.
    package static let none = ProxySettings()

    private init() {
        proxy = nil
        exceptions = []
    }

    /// Reads the variables; an address that can't be read is an error, never silently "no proxy".
    package init(environment: [String: String]) throws(TransportError) {
        func value(_ name: String) -> String? {
            (environment[name.lowercased()] ?? environment[name]).flatMap { $0.isEmpty ? nil : $0 }
        }
        exceptions = (value("NO_PROXY") ?? "").split(whereSeparator: { $0 == "," || $0 == " " }).map {
            $0.lowercased()
        }
        guard let address = value("HTTPS_PROXY") else {
            proxy = nil
            return
        }
        do {
            var text = address.contains("://") ? address : "http://" + address
            var authorization: String?
            if let at = text.lastIndex(of: "@"), let start = text.firstRange(of: "://")?.upperBound, start <= at {
                let user = Self.percentDecoded(text[start..<at])
                authorization = "Basic " + Base64.encode(user)
                text.removeSubrange(start...at)
            }
            let origin = try WebOrigin(parsing: text)
            guard !origin.isSecure else {
                throw TransportError(.badAddress, "HTTPS_PROXY must be an http:// address: the tunnel carries the TLS.")
            }
            proxy = Proxy(host: origin.host, port: origin.port, authorization: authorization)
        } catch {
            // The address may hold a password, so it is not repeated.
            throw TransportError(.badAddress, "HTTPS_PROXY can't be used.", cause: error)
        }
    }

    /// The proxy to take to an origin, or nil for a direct connection.
    func proxy(for origin: WebOrigin) -> Proxy? {
        guard origin.isSecure, !origin.isLoopback, let proxy else { return nil }
        return exceptions.contains { Self.matches($0, origin) } ? nil : proxy
    }

    /// Whether connections to an origin go through the proxy.
    package func isProxied(_ origin: WebOrigin) -> Bool { proxy(for: origin) != nil }

    private static func matches(_ exception: String, _ origin: WebOrigin) -> Bool {
        if exception == "*" { return true }
        if exception == origin.host || exception == "\(origin.host):\(origin.port)" { return true }
        if exception == "[\(origin.host)]" || exception == "[\(origin.host)]:\(origin.port)" { return true }
        var name = exception
        if let colon = name.lastIndex(of: ":") {
            guard name[name.index(after: colon)...] == "\(origin.port)" else { return false }
            name = String(name[..<colon])
        }
        while name.hasPrefix(".") || name.hasPrefix("*") { name.removeFirst() }
        return !name.isEmpty && (origin.host == name || origin.host.hasSuffix("." + name))
    }

    private static func percentDecoded(_ text: Substring) -> [UInt8] {
        var out: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2,
                let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                out.append(value)
                rest = rest.dropFirst(2)
            } else {
                out.append(byte)
            }
        }
        return out
    }
}

/// Standard base64 (RFC 4648, section 4), for the proxy's basic authorization.
enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    static func encode(_ bytes: [UInt8]) -> String {
        var out: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            var value = 0
            for byte in group { value = value << 8 | Int(byte) }
            value <<= 8 * (3 - group.count)
            for place in 0..<4 {
                let known = place <= group.count
                out.append(known ? alphabet[value >> (18 - 6 * place) & 63] : UInt8(ascii: "="))
            }
        }
        return String(decoding: out, as: UTF8.self)
    }
}
