/// The six words that the statements of the schema are written with, so that both engines refuse a wrong type and
/// sort text alike.
///
/// | word | SQLite | PostgreSQL |
/// |---|---|---|
/// | `{text}` | `TEXT` | `TEXT COLLATE "C"` |
/// | `{int}` | `INTEGER` | `BIGINT` |
/// | `{bool}` | `INTEGER` | `SMALLINT` |
/// | `{bytes}` | `BLOB` | `BYTEA` |
/// | `{identity}` | `INTEGER PRIMARY KEY AUTOINCREMENT` | `BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY` |
/// | `{strict}` | `STRICT` | nothing |
package enum SchemaWords {
    private static let words: [(word: String, sqlite: String, postgres: String)] = [
        ("text", "TEXT", "TEXT COLLATE \"C\""),
        ("int", "INTEGER", "BIGINT"),
        ("bool", "INTEGER", "SMALLINT"),
        ("bytes", "BLOB", "BYTEA"),
        ("identity", "INTEGER PRIMARY KEY AUTOINCREMENT", "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY"),
        ("strict", "STRICT", ""),
    ]

    /// The text as one engine wants it; a word that is none of the six stays, and the engine refuses it.
    package static func replace(in text: String, for dialect: Dialect) -> String {
        var result = ""
        var rest = text[...]
        while let open = rest.firstIndex(of: "{") {
            result += rest[..<open]
            let inner = rest[rest.index(after: open)...]
            guard let close = inner.firstIndex(of: "}"), let entry = words.first(where: { $0.word == inner[..<close] })
            else {
                result.append("{")
                rest = inner
                continue
            }
            result += dialect == .sqlite ? entry.sqlite : entry.postgres
            rest = inner[inner.index(after: close)...]
        }
        return result + rest
    }
}
