/// Rows under headings, aligned for a terminal.
package struct Table: Sendable, Equatable {
    package let headings: [String]
    package let rows: [[Cell]]

    package init(_ headings: [String], _ rows: [[Cell]]) {
        self.headings = headings
        self.rows = rows
    }

    /// Two columns without headings: what an object's details look like.
    package init(details: [(String, Cell)]) {
        headings = []
        rows = details.map { [Cell($0.0), $0.1] }
    }

    /// The lines of the table.
    ///
    /// Columns are two spaces apart; the last one is not padded.
    package func lines(coloured: Bool) -> [String] {
        let heading = headings.isEmpty ? [] : [headings.map { Cell($0.uppercased()) }]
        let all = heading + rows
        let columns = all.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in
            all.map { $0.count > column ? $0[column].width : 0 }.max() ?? 0
        }
        return all.map { row in
            var line = ""
            for (column, cell) in row.enumerated() {
                line += cell.shown(coloured: coloured)
                guard column < row.count - 1 else { break }
                line += String(repeating: " ", count: widths[column] - cell.width + 2)
            }
            return line
        }
    }
}
