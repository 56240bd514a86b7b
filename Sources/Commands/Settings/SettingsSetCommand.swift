import ArgumentParser
import ClavigerClient
import ClavigerWire
import StrictJSON

/// The command `claviger settings set`.
struct SettingsSetCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "set",
        abstract: "Change settings, all of them or none.",
        discussion: """
            A server administrator changes the values that stand for all organizations; everybody else, and an \
            administrator with --level organization, those of the own organization, which are never wider. The value null \
            gives one up.
            """
    )

    @Argument(help: "key=value; several are changed together.")
    var changes: [String]

    @Option(help: "Whose values: server or organization.")
    var level: SettingLevelOption?

    @OptionGroup var options: ServerOptions

    mutating func run(_ console: Console) async throws {
        let request = try Self.request(changes)
        let (level, output) = (level?.level, options.output)
        try await ServerConnection.use(options, console) { connection in
            let all = try await connection.client.updateSettings(request, level: level).data
            console.show(try SettingsReport.list(all.filter { request.values[$0.key] != nil }), as: output)
        }
    }

    /// Values that read as JSON are sent as such, everything else as text.
    private static func request(_ changes: [String]) throws(CommandFailure) -> UpdateSettingsRequest {
        var values = JSONObject()
        for change in changes {
            let parts = change.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2, !parts[0].isEmpty else {
                throw CommandFailure(.usage, "'\(change)' must be key=value.")
            }
            guard values[parts[0]] == nil else {
                throw CommandFailure(.usage, "\(parts[0]) is given twice.")
            }
            values[parts[0]] = (try? JSONValue(parsing: parts[1])) ?? .string(parts[1])
        }
        return UpdateSettingsRequest(values: values)
    }
}

/// Whose settings are changed.
enum SettingLevelOption: String, ExpressibleByArgument, CaseIterable {
    case server, organization

    var level: SettingLevel { self == .server ? .server : .organization }
}
