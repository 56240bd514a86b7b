/// What a person pastes to set a server up: the link `https://…/setup#clv_su_…`, or the secret alone.
package struct SetupLink: Sendable, Equatable {
    /// The server's origin; nil if only the secret was given.
    package let server: String?
    package let secret: String

    package init(_ text: String) {
        let line = text.split(whereSeparator: \.isWhitespace).first.map(String.init) ?? ""
        guard let mark = line.firstIndex(of: "#") else {
            server = nil
            secret = line
            return
        }
        secret = String(line[line.index(after: mark)...])
        var address = line[..<mark]
        while address.hasSuffix("/") { address.removeLast() }
        if address.hasSuffix("/setup") { address.removeLast("/setup".count) }
        server = address.isEmpty ? nil : String(address)
    }
}
