import ArgumentParser
import ClavigerClient
import ClavigerWire

/// The command `claviger session list`.
struct SessionListCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List your sessions.")

    @OptionGroup var options: ServerOptions

    mutating func run(_ console: Console) async throws {
        let output = options.output
        try await ServerConnection.use(options, console) { connection in
            let sessions = try await connection.client.sessions().data
            let rows = sessions.map { session in
                [
                    Cell(session.id), Cell(session.isCurrent ? "this one" : "", .good), Cell(session.createdAt),
                    Cell(session.lastUsedAt), Cell(session.expiresAt), Cell(session.address), Cell(session.userAgent),
                ]
            }
            let headings = ["id", "current", "created", "last used", "expires", "address", "user agent"]
            console.show(try Report(Table(headings, rows), list: sessions), as: output)
        }
    }
}
