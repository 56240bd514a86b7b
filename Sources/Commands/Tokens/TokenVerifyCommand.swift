import ArgumentParser
import ClavigerClient
import ClavigerWire

/// The command `claviger token verify`.
struct TokenVerifyCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Tell whether a token is good, and why if it isn't.",
        discussion: """
            The token is read from a file, from standard input, or from a prompt; never from the command line. A token \
            that isn't good ends the command with status 4.
            """
    )

    @Option(help: "File that holds the token, or - for standard input; asked for if absent.")
    var tokenFile: String?

    @Option(help: "The protected API it is shown at (api_…).")
    var api: String?

    @Option(name: .customLong("scope"), help: "What it has to be allowed; may be given several times.")
    var scopes: [String] = []

    @Option(help: "Units of its limits that this takes, 0 to 1000; none if absent.")
    var cost = 0

    @Option(help: "The address of whoever shows it.")
    var clientAddress: String?

    @OptionGroup var options: ServerOptions

    mutating func run(_ console: Console) async throws {
        let token = try SecretInput.read(console, prompt: "Token: ", file: tokenFile)
        let request = VerifyTokenRequest(
            token: token,
            api: api,
            scopes: scopes,
            cost: cost,
            clientAddress: clientAddress
        )
        let output = options.output
        try await ServerConnection.use(options, console) { connection in
            let answer = try await connection.client.verify(request)
            console.show(try TokenReport.verified(answer), as: output)
            guard answer.valid else {
                throw CommandFailure(.denied, "the token is not good: \(answer.code ?? "no reason was given").")
            }
        }
    }
}
