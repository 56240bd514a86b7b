/// One row of an answer, read by position; the getters are strict about types.
package struct Row: Sendable, Hashable {
    /// The values in the order of the statement's columns.
    package let values: [SQLValue]

    package init(_ values: [SQLValue]) {
        self.values = values
    }

    /// How many columns the row has.
    package var count: Int { values.count }

    package func int(_ column: Int) throws(DatabaseError) -> Int64 {
        guard let value = try optionalInt(column) else { throw Self.missing(column) }
        return value
    }

    package func text(_ column: Int) throws(DatabaseError) -> String {
        guard let value = try optionalText(column) else { throw Self.missing(column) }
        return value
    }

    package func bytes(_ column: Int) throws(DatabaseError) -> [UInt8] {
        guard let value = try optionalBytes(column) else { throw Self.missing(column) }
        return value
    }

    package func bool(_ column: Int) throws(DatabaseError) -> Bool {
        guard let value = try optionalBool(column) else { throw Self.missing(column) }
        return value
    }

    package func optionalInt(_ column: Int) throws(DatabaseError) -> Int64? {
        switch try value(column) {
        case .null: nil
        case .int(let value): value
        case let other: throw Self.wrongType(column, "int", other)
        }
    }

    package func optionalText(_ column: Int) throws(DatabaseError) -> String? {
        switch try value(column) {
        case .null: nil
        case .text(let value): value
        case let other: throw Self.wrongType(column, "text", other)
        }
    }

    package func optionalBytes(_ column: Int) throws(DatabaseError) -> [UInt8]? {
        switch try value(column) {
        case .null: nil
        case .bytes(let value): value
        case let other: throw Self.wrongType(column, "bytes", other)
        }
    }

    package func optionalBool(_ column: Int) throws(DatabaseError) -> Bool? {
        switch try optionalInt(column) {
        case nil: nil
        case 0: false
        case 1: true
        default: throw DatabaseError(.columnType, "Column \(column) is no boolean.")
        }
    }

    /// Whether the column is NULL.
    package func isNull(_ column: Int) throws(DatabaseError) -> Bool {
        try value(column) == .null
    }

    /// A reader that takes the columns one after the other.
    package var reader: RowReader { RowReader(self) }

    private func value(_ column: Int) throws(DatabaseError) -> SQLValue {
        guard values.indices.contains(column) else {
            throw DatabaseError(.columnType, "There is no column \(column) in a row of \(values.count).")
        }
        return values[column]
    }

    private static func missing(_ column: Int) -> DatabaseError {
        DatabaseError(.columnType, "Column \(column) is null.")
    }

    private static func wrongType(_ column: Int, _ wanted: String, _ got: SQLValue) -> DatabaseError {
        DatabaseError(.columnType, "Column \(column) is \(got), not \(wanted).")
    }
}
