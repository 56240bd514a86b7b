import ArgumentParser
import ClavigerServer

/// The command `claviger master-key rotate`.
struct MasterKeyRotateCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate",
        abstract: "Make a new master key and wrap all data keys with it; the server goes on running.",
        discussion: "With master_key_command or CLAVIGER_MASTER_KEY the new key is put there first, before the old one."
    )

    @OptionGroup var host: ConfigurationOptions

    mutating func run(_ console: Console) async throws {
        let count = try await HostCommands.rotateMasterKey(try host.load(console), environment: console.environment)
        console.note("Master key changed; \(count) data keys wrapped anew.")
    }
}
