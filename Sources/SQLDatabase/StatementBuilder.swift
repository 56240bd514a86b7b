/// Puts a statement together from constant pieces and the values that belong to them.
///
/// A filter that is absent leaves no trace in the text: `? IS NULL OR …` would leave the type of the parameter open,
/// which PostgreSQL refuses and SQLite guesses.
///
///     var list = StatementBuilder("SELECT id FROM agent")
///     list.condition("workspace_id = ?", [.text(workspace)])
///     if let state { list.condition("state = ?", [.text(state)]) }
///     list.append("ORDER BY created_at DESC, id DESC LIMIT ?", [.int(limit)])
///     let rows = try tx.rows(list.statement, list.values)
package struct StatementBuilder: Sendable {
    private var text: String
    private var hasCondition = false
    /// The values bound so far, in the order of their parameters.
    package private(set) var values: [SQLValue]

    /// Starts with a constant statement: everything up to the first condition.
    package init(_ head: Statement, _ values: [SQLValue] = []) {
        self.text = head.text
        self.values = values
    }

    /// The statement so far.
    package var statement: Statement { Statement(text) }

    /// Adds a condition: the first one behind `WHERE`, the others behind `AND`.
    package mutating func condition(_ predicate: StaticString, _ values: [SQLValue] = []) {
        text += (hasCondition ? " AND (" : " WHERE (") + predicate.description + ")"
        hasCondition = true
        self.values += values
    }

    /// Adds the condition that a column is one of the values; of an empty list nothing matches.
    package mutating func condition(_ column: StaticString, isOneOf values: [SQLValue]) {
        guard !values.isEmpty else { return condition("1 = 0") }
        text += (hasCondition ? " AND " : " WHERE ") + column.description + " IN (" + Self.marks(values.count) + ")"
        hasCondition = true
        self.values += values
    }

    /// Adds what follows the conditions.
    package mutating func append(_ tail: StaticString, _ values: [SQLValue] = []) {
        text += " " + tail.description
        self.values += values
    }

    /// As many parameter marks as there are values: `?, ?, ?`.
    package static func marks(_ count: Int) -> String {
        Array(repeating: "?", count: count).joined(separator: ", ")
    }
}
