import ArgumentParser
import ClavigerClient
import ClavigerServer
import ClavigerWire

/// The command `claviger setup`.
struct SetupCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "setup",
        abstract: "Become the first owner with the link that the server printed at its first start.",
        discussion: """
            The link is taken from the server's data directory if it lies there, otherwise it is asked for. With \
            --new-link, on the server's machine, another link is made while there is no owner; settings of the server \
            are then taken as by `claviger serve`.
            """
    )

    @Flag(help: "Make another link instead; works on the server's machine while there is no owner.")
    var newLink = false

    @Option(help: "File with the setup link, or - for standard input.")
    var linkFile: String?

    @Option(help: "E-mail address of the owner.")
    var email: String?

    @Option(help: "Name of the owner.")
    var name: String?

    @Option(help: "File with the password, or - for standard input; otherwise it is asked for.")
    var passwordFile: String?

    @OptionGroup var host: ConfigurationOptions
    @OptionGroup var options: ServerOptions

    mutating func run(_ console: Console) async throws {
        if newLink {
            let link = try await HostCommands.newSetupLink(try host.load(console), environment: console.environment)
            console.note("Within 30 minutes run `claviger setup` on this machine, or on another and paste this link:")
            return console.output(link)
        }
        let left = try host.load(console).dataDirectory + "/setup-link"
        let link = try link(console, left: left)
        let email = try answer(email, console, "E-mail: ", "no e-mail address was entered.")
        let name = try answer(name, console, "Name: ", "no name was entered.")
        let password = try SecretInput.readNew(console, prompt: "Password: ", file: passwordFile)
        var options = options
        options.server = options.server ?? link.server
        let request = SetupRequest(secret: link.secret, email: email, name: name, password: password)
        try await ServerConnection.use(options, console, signedIn: false) { connection in
            let answer = try await connection.client.setUp(request)
            try connection.keep(answer)
            PrivateFile.remove(left)
            console.note("You are the owner, and signed in as \(answer.user.email).")
        }
    }

    /// The link from the named file, from the data directory, or from the person.
    private func link(_ console: Console, left path: String) throws -> SetupLink {
        if linkFile == nil, let text = try? PrivateFile.read(path) {
            return SetupLink(text)
        }
        return SetupLink(try SecretInput.read(console, prompt: "Setup link: ", file: linkFile))
    }

    private func answer(
        _ given: String?,
        _ console: Console,
        _ prompt: String,
        _ refusal: String
    ) throws(CommandFailure) -> String {
        guard let text = given ?? console.ask(prompt), !text.isEmpty else {
            throw CommandFailure(.invalidInput, refusal)
        }
        return text
    }
}
