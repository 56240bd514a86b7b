import ClavigerClient
import ClavigerServer
import ClavigerWire

/// One command's connection to the server, with the session's token.
struct ServerConnection: Sendable {
    let client: ClavigerClient
    let url: String
    private let file: SessionFile
    private let session: SessionFile.Session?

    /// Opens a connection, runs the body, and closes the connection whatever happens.
    static func use(
        _ options: ServerOptions,
        _ console: Console,
        signedIn: Bool = true,
        _ body: (ServerConnection) async throws -> Void
    ) async throws {
        let file = try SessionFile(environment: console.environment)
        let session = try signedIn ? file.read() : try? file.read()
        let url = Self.url(options, console, session)
        var token: String?
        if signedIn {
            guard let session else {
                throw CommandFailure(.notSignedIn, "nobody is signed in; `claviger login` does it.")
            }
            // A session's token goes to the server that gave it and to no other.
            guard session.server == url else {
                throw CommandFailure(
                    .notSignedIn,
                    "the session is one of \(session.server); sign in to \(url) with `claviger login`."
                )
            }
            token = session.token
        }
        warn(options, console, url)
        do {
            let client = try ClavigerClient(
                configuration: .init(
                    baseURL: url,
                    token: token,
                    allowsPlainHTTP: options.allowPlainHttp,
                    authoritiesFile: options.caFile ?? variable(KnownVariables.authorities, console),
                    userAgent: "claviger/\(ClavigerServer.version)",
                    surface: "cli",
                    organization: signedIn ? session?.organization : nil,
                    workspace: signedIn ? session?.workspace : nil
                )
            )
            let outcome: Result<Void, any Error>
            do {
                let connection = ServerConnection(client: client, url: url, file: file, session: session)
                outcome = .success(try await body(connection))
            } catch {
                outcome = .failure(error)
            }
            try? await client.shutdown()
            try outcome.get()
        } catch {
            throw CommandFailure(error)
        }
    }

    /// Says what is at stake where secrets leave this machine unencrypted (OPS-3).
    private static func warn(_ options: ServerOptions, _ console: Console, _ url: String) {
        guard options.allowPlainHttp, let origin = PublicOrigin(url), !origin.isSecure, !origin.isLoopback else {
            return
        }
        console.note("Warning: \(origin.text) is reached over plain http; anybody on the way can read what is sent.")
    }

    /// The server a command talks to: the option, the variable, the session's, the one running on this machine.
    private static func url(_ options: ServerOptions, _ console: Console, _ session: SessionFile.Session?) -> String {
        if let given = options.server ?? variable(KnownVariables.server, console) {
            return PublicOrigin(given)?.text ?? given
        }
        if let session { return session.server }
        let local = try? ConfigurationLoader.load(flags: [], file: nil, environment: console.environment)
        return local.flatMap { RuntimeFile.read(inDirectory: $0.dataDirectory)?.url } ?? "http://127.0.0.1:8787"
    }

    /// A variable of the environment; an empty one counts as absent.
    private static func variable(_ variable: KnownVariable, _ console: Console) -> String? {
        console.environment[variable.name].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The address of whoever is signed in.
    var email: String? { session?.email }

    /// Keeps the session for the next command.
    func keep(_ answer: SessionTokenResponse) throws(CommandFailure) {
        try file.write(
            SessionFile.Session(
                server: url,
                token: answer.sessionToken,
                email: answer.user.email,
                expiresAt: answer.expiresAt
            )
        )
    }

    /// Keeps where the next commands act.
    func keepPlace(organization: String?, workspace: String?) throws(CommandFailure) {
        guard var session else { throw CommandFailure(.notSignedIn, "nobody is signed in.") }
        session.organization = organization
        session.workspace = workspace
        try file.write(session)
    }

    func forget() {
        file.remove()
    }

    /// All agents, page by page.
    func agents(_ filter: AgentFilter = AgentFilter()) async throws -> [AgentResponse] {
        var agents: [AgentResponse] = []
        var cursor: String?
        repeat {
            let page = try await client.listAgents(filter, limit: 200, cursor: cursor)
            agents += page.data
            cursor = page.nextCursor
        } while cursor != nil
        return agents
    }

    /// The id of an agent named by id or slug.
    func agentID(_ name: String) async throws -> String {
        if name.hasPrefix("agt_") { return name }
        let found = try await agents(AgentFilter(text: name)).first { $0.slug == name }
        guard let found else { throw CommandFailure(.notFound, "there is no agent \(name).") }
        return found.id
    }

    /// An agent named by id or slug.
    func agent(_ name: String) async throws -> AgentResponse {
        try await client.agent(try await agentID(name))
    }
}
