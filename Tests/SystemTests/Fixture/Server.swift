import Foundation
import Synchronization

/// A running `claviger serve` on port 0 with its own data directory and clock.
final class Server: Sendable {
    let bench: Workbench
    let data: String
    let clockFile: String
    /// Where its data is; nil if that is a file in its data directory.
    let database: TestDatabase?
    private let arguments: [String]
    private let environment: [String: String]
    private let state: Mutex<(programs: Programs, program: Program?, url: String)>

    /// A server that is yet to be started.
    init(
        on bench: Workbench,
        arguments: [String] = [],
        environment: [String: String] = [:],
        database: TestDatabase?,
        clockFile: String? = nil,
        programs: Programs = .current
    ) throws {
        self.bench = bench
        let folder = bench.folder + "/server-" + String(UInt32.random(in: 0 ... .max), radix: 36)
        data = folder + "/data"
        self.clockFile = clockFile ?? folder + "/clock"
        self.arguments = arguments
        self.environment = environment
        self.database = database
        state = Mutex((programs, nil, ""))
        try FileManager.default.createDirectory(
            atPath: data,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
        try setClock(offset: 0)
    }

    /// Starts a server with a database of its own and waits until it is ready.
    static func start(
        on bench: Workbench,
        arguments: [String] = [],
        environment: [String: String] = [:],
        engine: Engine = .current,
        masterKeyOf other: Server? = nil
    ) async throws -> Server {
        let isGiven = environment["CLAVIGER_DATABASE_URL"] != nil
        let database = isGiven ? nil : try await engine.database(on: bench)
        let server = try Server(on: bench, arguments: arguments, environment: environment, database: database)
        if let other { try other.giveMasterKey(to: server.data) }
        try await server.start()
        return server
    }

    /// What tells a program on the server's machine where the data is.
    var hostEnvironment: [String: String] {
        ["CLAVIGER_DATA_DIR": data].merging(database?.environment ?? [:]) { $1 }
    }

    /// The setting that names its database.
    var databaseSetting: String { database?.url ?? "sqlite:" + data + "/claviger.sqlite" }

    var url: String { state.withLock { $0.url } }
    var port: Int { URL(string: url)?.port ?? 0 }

    func program() throws -> Program {
        guard let program = state.withLock({ $0.program }) else { throw Failure("the server was not started") }
        return program
    }

    /// Takes the programs of another commit from its next start on.
    func use(_ programs: Programs) { state.withLock { $0.programs = programs } }

    /// Copies the master key, as somebody does who adds a node.
    func giveMasterKey(to directory: String) throws {
        let place = directory + "/master.key"
        try? FileManager.default.removeItem(atPath: place)
        try FileManager.default.copyItem(atPath: data + "/master.key", toPath: place)
    }

    /// Starts (again) on the same data, on the port it had before.
    func start(environment extra: [String: String] = [:]) async throws {
        let runtimeFile = data + "/server.json"
        try? FileManager.default.removeItem(atPath: runtimeFile)
        let known = state.withLock { $0.url }
        let listen = known.isEmpty ? "127.0.0.1:0" : "127.0.0.1:\(port)"
        // Programs as they are shipped refuse a clock that a test can turn.
        let clock = Workbench.areOptimised ? [:] : ["CLAVIGER_TEST_CLOCK_FILE": clockFile]
        let settings = hostEnvironment.merging(clock) { $1 }
            .merging(environment) { $1 }.merging(extra) { $1 }
        let program = try bench.start(
            state.withLock { $0.programs }.claviger,
            ["serve", "--listen", listen] + arguments,
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

    /// Changes the database as another process would: with a client of its own and no word to the server.
    func alter(_ statement: String) async throws {
        if let database {
            try await database.sql(statement)
            return
        }
        let script = """
            import sqlite3, sys
            sqlite3.connect(sys.argv[1], timeout=5, isolation_level=None).execute(sys.argv[2])
            """
        let change = try await bench.finish(
            Workbench.python,
            ["-c", script, data + "/claviger.sqlite", statement]
        )
        guard change.ending == .code(0) else { throw Failure(change.errors) }
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
