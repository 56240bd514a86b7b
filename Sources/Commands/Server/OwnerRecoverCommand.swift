import ArgumentParser
import ClavigerServer

/// The command `claviger owner recover`.
struct OwnerRecoverCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "recover",
        abstract: "Make a recovery secret for an owner; `claviger password reset` takes it.",
        discussion: "Works on the server's machine, with the server's settings, also while the server runs."
    )

    @Option(help: "E-mail address of the owner; the oldest owner without it.")
    var email: String?

    @OptionGroup var host: ConfigurationOptions

    mutating func run(_ console: Console) async throws {
        let secret = try await HostCommands.recoverOwner(
            try host.load(console),
            environment: console.environment,
            email: email
        )
        console.note("Give this to `claviger password reset`; it works once and for 30 minutes:")
        console.output(secret)
    }
}
