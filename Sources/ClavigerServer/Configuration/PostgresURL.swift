/// A PostgreSQL connection URL, taken apart as far as needed to tell a password from the rest.
///
/// It is cut where libpq cuts it: the user and password end at the first `@` before the first `/`. What else stands in
/// it is for libpq to judge. It prints without its password; ``revealed()`` gives the whole.
package struct PostgresURL: Sendable, Hashable {
    /// The URL as it may be shown.
    package let shown: String

    /// Whether the URL itself holds a password.
    package let holdsPassword: Bool

    private let text: String

    init(_ text: String) throws(DatabaseLocation.Fault) {
        guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw DatabaseLocation.Fault("holds a blank or another character that a URL spells with percent signs")
        }
        let scheme = text.prefix { $0 != ":" } + "://"
        let rest = text.dropFirst(scheme.count)
        let credentials = Self.credentials(rest)
        let place = credentials.map { rest[rest.index(after: $0.endIndex)...] } ?? rest
        guard !place.contains("@") else {
            throw DatabaseLocation.Fault("has an @ too many (in a user or password, @ is spelled %40 and / is %2F)")
        }
        let query = try Self.query(place)
        let path = place.prefix { $0 != "?" }
        let name = path.firstIndex(of: "/").map { path[path.index(after: $0)...] } ?? ""
        guard !name.isEmpty || query.contains(where: { $0.key == "dbname" && !$0.value.isEmpty }) else {
            throw DatabaseLocation.Fault("names no database behind its host")
        }
        guard !name.contains("/") else { throw DatabaseLocation.Fault("has a / too many behind its host") }
        let user = credentials?.prefix { $0 != ":" }
        let hasPassword = credentials.map { $0.utf8.count > (user?.utf8.count ?? 0) + 1 } ?? false
        holdsPassword = hasPassword || query.contains { Self.secrets.contains($0.key) && !$0.value.isEmpty }
        shown =
            "\(scheme)\(user.map { $0 + (hasPassword ? ":[redacted]" : "") + "@" } ?? "")\(path)"
            + Self.shown(query)
        self.text = text
    }

    /// The URL whole, for the driver alone.
    package func revealed() -> String { text }

    /// Parameters that hold a secret.
    private static let secrets: Set<String> = ["password", "sslpassword"]

    /// User and password; nil if there is no `@` before the first `/`.
    private static func credentials(_ rest: Substring) -> Substring? {
        guard let mark = rest.firstIndex(where: { $0 == "@" || $0 == "/" }), rest[mark] == "@" else { return nil }
        return rest[..<mark]
    }

    private static func query(
        _ place: Substring
    ) throws(DatabaseLocation.Fault) -> [(key: String, raw: Substring, value: Substring)] {
        guard let mark = place.firstIndex(of: "?") else { return [] }
        var pairs: [(String, Substring, Substring)] = []
        for pair in place[place.index(after: mark)...].split(separator: "&") {
            guard let equals = pair.firstIndex(of: "="), let key = decoded(pair[..<equals]) else {
                throw DatabaseLocation.Fault("has a parameter that is not written name=value")
            }
            pairs.append((key, pair[..<equals], pair[pair.index(after: equals)...]))
        }
        return pairs
    }

    private static func shown(_ query: [(key: String, raw: Substring, value: Substring)]) -> String {
        guard !query.isEmpty else { return "" }
        return "?"
            + query.map { "\($0.raw)=\(secrets.contains($0.key) ? "[redacted]" : $0.value)" }
            .joined(separator: "&")
    }

    /// A name without percent codes: libpq knows `%70assword` as `password`.
    private static func decoded(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            let digits = rest.prefix(2)
            guard digits.count == 2, digits.first != UInt8(ascii: "+"),
                let code = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
            else { return nil }
            bytes.append(code)
            rest = rest.dropFirst(2)
        }
        return String(validating: bytes, as: UTF8.self)
    }
}

extension PostgresURL: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { shown }
    package var debugDescription: String { shown }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
