import ArgumentParser
import ClavigerClient
import ClavigerWire

/// The command `claviger token templates`.
struct TokenTemplatesCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "templates",
        abstract: "List recommended beginnings for tokens of common uses."
    )

    @OptionGroup var options: ServerOptions

    mutating func run(_ console: Console) async throws {
        let output = options.output
        try await ServerConnection.use(options, console) { connection in
            let templates = try await connection.client.tokenTemplates().data
            let rows = templates.map { template in
                [
                    Cell(template.id), Cell(template.kind), Cell("\(template.expiresInDays)"),
                    Cell(template.scopes.joined(separator: ", ")), Cell(template.description, .faint),
                ]
            }
            let table = Table(["template", "kind", "days", "scopes", "for"], rows)
            console.show(try Report(table, list: templates), as: output)
        }
    }
}
