package import Domain
package import HTTPTypes
package import NIOCore

/// Which machines may say whom they speak for.
package struct TrustedProxies: Sendable {
    package let ranges: [AddressRange]

    package init(_ ranges: [AddressRange] = []) {
        self.ranges = ranges
    }

    package func trusts(_ address: IPAddress) -> Bool {
        ranges.contains { $0.contains(address) }
    }

    /// The address of who asks (OPS-3): the peer itself, or, if the peer is a trusted proxy, the last address in
    /// `X-Forwarded-For` that is none.
    ///
    /// A list that can't be read counts up to its first unreadable entry from behind.
    package func clientAddress(peer: SocketAddress?, fields: HTTPFields) -> IPAddress? {
        guard let peer, let nearest = IPAddress(peer) else { return nil }
        guard fields.contains(.xForwardedFor), trusts(nearest) else { return nearest }
        let entries = fields[values: .xForwardedFor].joined(separator: ",").split(separator: ",")
        var client = nearest
        for entry in entries.reversed() {
            guard let address = Self.address(in: String(entry)) else { break }
            client = address
            guard trusts(address) else { break }
        }
        return client
    }

    /// The client's address as a trusted proxy tells it, for requests that a proxy makes about another's; `nil` if there
    /// is none that can be trusted.
    ///
    /// The proxy's own address is never the answer, and an entry that can't be read hides everybody behind it.
    package func forwardedAddress(peer: IPAddress?, fields: HTTPFields) -> IPAddress? {
        guard fields.contains(.xForwardedFor), let peer, trusts(peer) else { return nil }
        let entries = fields[values: .xForwardedFor].joined(separator: ",").split(separator: ",")
        var client: IPAddress?
        for entry in entries.reversed() {
            guard let address = Self.address(in: String(entry)) else { return nil }
            client = address
            guard trusts(address) else { break }
        }
        return client
    }

    /// One entry: an address, perhaps with a port, an IPv6 one perhaps in brackets.
    private static func address(in entry: String) -> IPAddress? {
        var text = entry.drop { $0 == " " || $0 == "\t" }
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        if text.first == "[" {
            guard let end = text.firstIndex(of: "]") else { return nil }
            return IPAddress(String(text[text.index(after: text.startIndex)..<end]))
        }
        let colons = text.filter { $0 == ":" }.count
        if colons == 1, let colon = text.firstIndex(of: ":") { text = text[..<colon] }
        return IPAddress(String(text))
    }
}
