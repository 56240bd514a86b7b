import ArgumentParser
import ClavigerServer

/// The settings on the command line of the host's commands: any `--key value` of the server.
struct ConfigurationOptions: ParsableArguments {
    @Option(name: .customLong("config"), help: "YAML file with settings (or the variable CLAVIGER_CONFIG).")
    var file: String?

    @Argument(parsing: .allUnrecognized, help: ArgumentHelp("Settings as --key value.", valueName: "settings"))
    var settings: [String] = []

    /// Reads every source.
    func load(_ console: Console) throws(ConfigurationError) -> ServerConfiguration {
        try ConfigurationLoader.load(flags: settings, file: file, environment: console.environment)
    }
}
