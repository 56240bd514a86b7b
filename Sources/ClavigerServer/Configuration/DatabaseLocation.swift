/// Where the data lives, as the setting `database` says it (DST-1).
package enum DatabaseLocation: Sendable, Hashable {
    /// A file of this machine.
    case sqlite(path: String)
    /// A database of a PostgreSQL server, which several nodes may share.
    case postgres(PostgresURL)

    /// Reads the setting; a fault is the end of a sentence, and never repeats the text, which may hold a password.
    package init(_ text: String) throws(Fault) {
        guard let colon = text.firstIndex(of: ":"), colon != text.startIndex else {
            throw Fault("begins with no scheme")
        }
        let rest = text[text.index(after: colon)...]
        switch text[..<colon] {
        case "sqlite":
            guard !rest.isEmpty else { throw Fault("names no file") }
            self = .sqlite(path: String(rest))
        case "postgres", "postgresql":
            guard rest.hasPrefix("//") else { throw Fault("lacks the two slashes behind its scheme") }
            self = .postgres(try PostgresURL(text))
        default:
            throw Fault("has a scheme that is none of sqlite, postgres and postgresql")
        }
    }

    /// What is wrong with a text of this setting, as "it has …".
    package struct Fault: Error, Sendable, Equatable {
        package let reason: String

        init(_ reason: String) {
            self.reason = reason
        }
    }

    /// What would be right.
    static let expectation =
        "sqlite: and a path, such as sqlite:claviger.sqlite, or a URL such as "
        + "postgres://claviger@db.example.com/claviger"

    /// The setting as people may see it: without a password.
    static func shown(_ text: String) -> String {
        switch try? DatabaseLocation(text) {
        case .sqlite: text
        case .postgres(let url): url.shown
        case nil: "[redacted]"
        }
    }
}
