/// Takes the columns of a row one after the other, for records with many of them.
///
/// The order is that of the column list the statement was made with; ``finish()`` tells a list that is longer than
/// what was read.
package struct RowReader {
    private let row: Row
    private var column = 0

    package init(_ row: Row) {
        self.row = row
    }

    package mutating func int() throws(DatabaseError) -> Int64 { try row.int(next()) }

    package mutating func text() throws(DatabaseError) -> String { try row.text(next()) }

    package mutating func bytes() throws(DatabaseError) -> [UInt8] { try row.bytes(next()) }

    package mutating func bool() throws(DatabaseError) -> Bool { try row.bool(next()) }

    package mutating func optionalInt() throws(DatabaseError) -> Int64? { try row.optionalInt(next()) }

    package mutating func optionalText() throws(DatabaseError) -> String? { try row.optionalText(next()) }

    package mutating func optionalBytes() throws(DatabaseError) -> [UInt8]? { try row.optionalBytes(next()) }

    package mutating func optionalBool() throws(DatabaseError) -> Bool? { try row.optionalBool(next()) }

    /// Fails unless every column was taken.
    package func finish() throws(DatabaseError) {
        guard column == row.count else {
            throw DatabaseError(.columnType, "\(column) of \(row.count) columns were read.")
        }
    }

    private mutating func next() -> Int {
        defer { column += 1 }
        return column
    }
}
