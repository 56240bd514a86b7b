import ArgumentParser
import ClavigerServer
import StrictJSON

/// `claviger config`: every setting with its value and the source that gave it.
struct ConfigCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Show the server's settings, where each comes from, and whether it would start with them.",
        discussion: "Takes the same settings as `claviger serve`."
    )

    @OptionGroup var options: ConfigurationOptions

    @Option(name: .shortAndLong, help: "table or json.")
    var output: OutputFormat = .table

    @Flag(help: "Print the table of docs/configuration.md instead.")
    var markdown = false

    mutating func run(_ console: Console) async throws {
        guard !markdown else {
            console.output(String(SettingsTable.markdown.dropLast()))
            return
        }
        console.show(Self.report(try options.load(console).settings), as: output)
    }

    static func report(_ settings: ResolvedSettings) -> Report {
        let rows = settings.entries.map { entry in
            [Cell(entry.setting.key), Cell(entry.shownValue), Cell(entry.source.naming(entry.setting), .faint)]
        }
        let objects = settings.entries.map { entry in
            JSONValue.object(
                JSONObject([
                    ("key", .string(entry.setting.key)),
                    ("value", entry.value == nil ? .null : .string(entry.shownValue)),
                    ("source", .string(entry.source.naming(entry.setting))),
                ])
            )
        }
        return Report(Table(["key", "value", "source"], rows), json: .object(JSONObject([("data", .array(objects))])))
    }
}
