/// One step of the schema, named `NNNN_topic`, never edited after release.
package struct Migration: Sendable {
    /// One statement of a step.
    package enum Step: Sendable {
        /// The same text for both engines, with the words of ``SchemaWords``.
        case both(String)
        /// A statement that differs, both forms side by side; a form may be empty.
        case each(sqlite: [String], postgres: [String])
    }

    /// Four digits, an underscore, the topic in lower-case letters, digits and underscores.
    package let name: String
    /// What it does, in order.
    package let steps: [Step]

    package init(_ name: String, _ steps: [Step]) {
        self.name = name
        self.steps = steps
    }

    /// The statements as one engine wants them.
    package func statements(for dialect: Dialect) -> [String] {
        steps.flatMap { step in
            switch (step, dialect) {
            case (.both(let text), _): [SchemaWords.replace(in: text, for: dialect)]
            case (.each(let sqlite, _), .sqlite): sqlite.map { SchemaWords.replace(in: $0, for: dialect) }
            case (.each(_, let postgres), .postgres): postgres.map { SchemaWords.replace(in: $0, for: dialect) }
            }
        }
    }

    /// A checksum of all forms of all statements: it tells a migration that was edited after it was applied.
    ///
    /// FNV-1a with 64 bits: it guards against mistakes, not against somebody who can write the database.
    package var checksum: String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for dialect in Dialect.allCases {
            for statement in statements(for: dialect) {
                for byte in Array(statement.utf8) + [0] {
                    hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3
                }
            }
        }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// Whether a name has the form `NNNN_topic`.
    package static func isWellFormed(_ name: String) -> Bool {
        let bytes = Array(name.utf8)
        guard bytes.count > 5, bytes.count <= 64, bytes[4] == UInt8(ascii: "_") else { return false }
        let isDigit = { (byte: UInt8) in byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }
        let isLetter = { (byte: UInt8) in byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z") }
        return bytes[..<4].allSatisfy(isDigit)
            && bytes[5...].allSatisfy { isDigit($0) || isLetter($0) || $0 == UInt8(ascii: "_") }
    }
}
