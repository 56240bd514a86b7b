package import StrictJSON

/// A result in both shapes: made once by a command, written by the one renderer.
package struct Report: Sendable {
    package let table: Table
    package let json: JSONValue

    package init(_ table: Table, json: JSONValue) {
        self.table = table
        self.json = json
    }

    package init(_ table: Table, json value: some Encodable) throws {
        self.table = table
        json = try StrictJSONEncoder().value(value)
    }

    /// A list's rows; as JSON an object with the field `data`, as the REST interface answers it.
    package init<Element: Encodable>(_ table: Table, list: [Element]) throws {
        self.table = table
        json = .object(JSONObject([("data", .array(try list.map { try StrictJSONEncoder().value($0) }))]))
    }
}

extension Console {
    /// Writes a result to standard output.
    package func show(_ report: Report, as format: OutputFormat) {
        switch format {
        case .table:
            for line in report.table.lines(coloured: isColoured) { output(line) }
        case .json:
            output(report.json.text)
        }
    }
}
