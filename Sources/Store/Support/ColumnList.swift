import SQLDatabase

/// The columns of a record, named once for all statements about it.
struct ColumnList: ExpressibleByArrayLiteral {
    let names: [String]

    init(arrayLiteral names: String...) {
        self.names = names
    }

    init(_ names: [String]) {
        self.names = names
    }

    static func + (left: ColumnList, right: ColumnList) -> ColumnList { ColumnList(left.names + right.names) }

    /// The names: `a, b, c`.
    var list: String { names.joined(separator: ", ") }

    /// The names with their table: `t.a, t.b, t.c`.
    func list(of table: String) -> String { names.map { "\(table).\($0)" }.joined(separator: ", ") }

    /// The names to be set: `a = ?, b = ?, c = ?`.
    var assignments: String { names.map { "\($0) = ?" }.joined(separator: ", ") }

    /// The statement that adds a row of these columns.
    func insert(into table: String, then tail: String = "") -> Statement {
        Statement("INSERT INTO \(table) (\(list)) VALUES (\(StatementBuilder.marks(names.count))) \(tail)")
    }
}
