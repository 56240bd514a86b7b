import ArgumentParser
import ClavigerServer

/// `claviger version`.
struct VersionCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(commandName: "version", abstract: "Show the version.")

    mutating func run(_ console: Console) async throws {
        console.output("claviger \(ClavigerServer.version)")
    }
}
