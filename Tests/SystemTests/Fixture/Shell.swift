/// The command line of somebody who is signed in as the owner.
struct Shell {
    private let bench: Workbench
    private let server: Server
    private let environment: [String: String]

    init(_ bench: Workbench, _ server: Server) async throws {
        self.bench = bench
        self.server = server
        environment = [
            "HOME": bench.folder, "XDG_CONFIG_HOME": bench.folder + "/config", "CLAVIGER_SERVER": server.url,
        ]
        _ = try await run("login", "--email", Operator.email, "--password-file", "-", input: Operator.password + "\n")
    }

    /// Runs a command that must succeed.
    func run(_ arguments: String..., input: String = "") async throws -> (output: String, errors: String) {
        try await run(arguments, input: input)
    }

    /// Runs a command that must succeed; `onHost` as who may read the server's data directory.
    func run(
        _ arguments: [String],
        input: String = "",
        onHost: Bool = false
    ) async throws -> (output: String, errors: String) {
        let (ending, output, errors) = try await attempt(arguments, input: input, onHost: onHost)
        guard ending == .code(0) else {
            throw Failure("claviger \(arguments.prefix(2)) ended with \(ending): \(errors)")
        }
        return (output, errors)
    }

    func attempt(
        _ arguments: [String],
        input: String = "",
        onHost: Bool = false
    ) async throws -> (ending: Ending, output: String, errors: String) {
        try await bench.finish(
            Workbench.claviger,
            arguments,
            environment: environment.merging(onHost ? server.hostEnvironment : [:]) { $1 },
            input: input,
            within: .seconds(60)
        )
    }
}
