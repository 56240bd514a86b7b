import Foundation
import Synchronization

/// A running `claviger serve` on port 0 with its own data directory and clock.
final class Server: Sendable {
    let bench: Workbench
    let data: String
    let clockFile: String
    private let arguments: [String]
    private let environment: [String: String]
    private let state = Mutex<(program: Program?, url: String)>((nil, ""))

    private init(_ bench: Workbench, _ arguments: [String], _ environment: [String: String]) {
        self.bench = bench
        let folder = bench.folder + "/server-" + String(UInt16.random(in: 0 ... .max), radix: 36)
        data = folder + "/data"
        clockFile = folder + "/clock"
        self.arguments = arguments
        self.environment = environment
    }

    /// Starts a server and waits until it is ready.
    static func start(
        on bench: Workbench,
        arguments: [String] = [],
        environment: [String: String] = [:]
    ) async throws -> Server {
        let server = Server(bench, arguments, environment)
        try FileManager.default.createDirectory(atPath: server.data, withIntermediateDirectories: true)
        try server.setClock(offset: 0)
        try await server.start()
        return server
    }

    var url: String { state.withLock { $0.url } }
    var port: Int { URL(string: url)?.port ?? 0 }

    func program() throws -> Program {
        guard let program = state.withLock({ $0.program }) else { throw Failure("the server was not started") }
        return program
    }

    /// Starts (again) on the same data, on the port it had before.
    func start(environment extra: [String: String] = [:]) async throws {
        let runtimeFile = data + "/server.json"
        try? FileManager.default.removeItem(atPath: runtimeFile)
        let known = state.withLock { $0.url }
        let listen = known.isEmpty ? "127.0.0.1:0" : "127.0.0.1:\(port)"
        let settings = ["CLAVIGER_TEST_CLOCK_FILE": clockFile].merging(environment) { $1 }.merging(extra) { $1 }
        let program = try bench.start(
            Workbench.claviger,
            ["serve", "--listen", listen, "--data-dir", data] + arguments,
            environment: settings,
            name: "serve"
        )
        state.withLock { $0.program = program }
        try await eventually("the server is ready", within: .seconds(30)) {
            if let ended = program.ended { throw Failure("the server ended: \(ended)\n\(program.errors)") }
            guard let file = FileManager.default.contents(atPath: runtimeFile), let url = JSON(file)["url"].text else {
                return false
            }
            state.withLock { $0.url = url }
            return (try? await API(url: url, token: nil).get("/readyz").status) == 200
        }
    }

    /// Asks the server to stop, and expects that it does.
    func stop() async throws {
        let program = try program()
        program.send(SIGTERM)
        let ending = try await program.end(within: .seconds(35))
        guard ending == .code(0) else {
            throw Failure("the server ended with \(ending)\n\(program.errors.suffix(2000))")
        }
    }

    func kill() async throws { try await program().kill() }

    func restart(environment: [String: String] = [:]) async throws {
        try await stop()
        try await start(environment: environment)
    }

    /// Moves the server's time: an offset in seconds to the machine's clock.
    func setClock(offset: Int) throws {
        try "\(offset)\n".write(toFile: clockFile, atomically: true, encoding: .utf8)
    }

    /// Lets the server's time jump and waits until it has been noticed.
    func moveClock(to offset: Int) async throws {
        try setClock(offset: offset)
        try await Task.sleep(for: .milliseconds(120))
    }

    /// The setup secret of the first start, from the file that the server writes when nobody watches.
    func setupSecret() throws -> String {
        guard let text = bench.contents(data + "/setup-link"), let mark = text.firstIndex(of: "#") else {
            throw Failure("no setup link in \(data)/setup-link")
        }
        return String(text[text.index(after: mark)...].prefix { !$0.isWhitespace })
    }

    /// Makes the first owner and signs in.
    func owner() async throws -> Operator {
        let secret = try setupSecret()
        _ = try await API(url: url, token: nil).post(
            "/api/v1/setup",
            ["secret": secret, "name": "First Owner", "email": Operator.email, "password": Operator.password]
        ).expecting(200, 201, 204)
        return try await signIn()
    }

    /// Signs the owner in (again: sessions end with time, and tests move it).
    func signIn() async throws -> Operator {
        let session = try await API(url: url, token: nil).post(
            "/api/v1/auth/login",
            ["email": Operator.email, "password": Operator.password]
        ).expecting(200, 201)
        return Operator(server: self, token: try session["session_token"].text ?? session.string("token"))
    }
}
