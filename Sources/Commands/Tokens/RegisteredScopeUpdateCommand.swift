import ArgumentParser
import ClavigerClient
import ClavigerWire

/// The command `claviger scope update`.
struct RegisteredScopeUpdateCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "update",
        abstract: "Change a registered scope; what is not named stays."
    )

    @Argument(help: "Name of the scope.")
    var name: String

    @Option(help: "What it allows.")
    var description: String?

    @Option(help: "yes or no: show it with a warning where it is chosen.")
    var sensitive: YesOrNo?

    @Option(help: "yes or no: let only administrators put it on tokens.")
    var adminOnly: YesOrNo?

    @OptionGroup var options: ServerOptions

    mutating func run(_ console: Console) async throws {
        let (name, output) = (name, options.output)
        let request = UpdateRegisteredScopeRequest(
            description: description,
            isSensitive: sensitive.map { $0 == .yes },
            isAdminOnly: adminOnly.map { $0 == .yes }
        )
        try await ServerConnection.use(options, console) { connection in
            let scope = try await connection.client.updateRegisteredScope(name, request)
            console.show(try RegisteredScopeReport.one(scope), as: output)
        }
    }
}

/// A choice that may also be left alone.
enum YesOrNo: String, ExpressibleByArgument, CaseIterable {
    case yes
    case no
}
