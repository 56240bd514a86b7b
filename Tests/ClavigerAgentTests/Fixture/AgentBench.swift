import ClavigerAgent
import Logging
import Synchronization
import Testing

/// An agent under test: its folder, its log, and the fake control plane it belongs to.
final class AgentBench: Sendable {
    let plane: FakeControlPlane
    let server: FakeServer
    let folder: String
    let log = CapturedLog()

    private init(_ plane: FakeControlPlane, _ server: FakeServer, _ folder: String) {
        self.plane = plane
        self.server = server
        self.folder = folder
    }

    static func run(_ body: (AgentBench) async throws -> Void) async throws {
        let plane = FakeControlPlane()
        try await FakeServer.run(plane.responder, onChannel: plane.onChannel) { server in
            try await TemporaryFolder.useAsync { folder in
                let bench = AgentBench(plane, server, folder + "/state")
                try await body(bench)
                let secrets = bench.log.text.contains("clv_")
                #expect(!secrets, "no token stands in the log")
            }
        }
    }

    func agent(withInstallToken: Bool = false, retry: Duration = .milliseconds(20)) -> Agent {
        var logger = Logger(label: "test") { [log] _ in CapturingHandler(log: log) }
        logger.logLevel = .trace
        return Agent(
            configuration: AgentConfiguration(
                server: server.url,
                stateDirectory: folder,
                metadata: .off,
                firstRetry: retry,
                longestRetry: .milliseconds(100)
            ),
            installToken: withInstallToken ? plane.with { $0.installToken } : nil,
            logger: logger
        )
    }

    func enroll() async throws {
        _ = try await agent(withInstallToken: true).enroll()
    }

    func stored() throws -> AgentState {
        try #require(try StateDirectory.look(at: folder).state)
    }

    /// Runs the agent beside the body and stops it afterwards; gives the error with which it ended by itself.
    @discardableResult
    func running(
        withInstallToken: Bool = false,
        _ body: @escaping @Sendable () async throws -> Void
    ) async throws -> AgentError? {
        let agent = agent(withInstallToken: withInstallToken)
        return try await withThrowingTaskGroup(of: AgentError?.self) { group in
            group.addTask {
                do {
                    try await agent.run()
                    return nil
                } catch let error as AgentError {
                    return error
                }
            }
            do {
                try await body()
            } catch {
                group.cancelAll()
                throw error
            }
            group.cancelAll()
            return try await group.next() ?? nil
        }
    }

    /// Waits for a condition of the fake control plane.
    func eventually(
        _ what: String,
        _ condition: @Sendable (inout sending FakeControlPlane.Memory) -> sending Bool
    ) async throws {
        for _ in 0..<6_000 {
            if plane.with(condition) { return }
            try await Task.sleep(for: .milliseconds(10))
        }
        Issue.record("did not happen: \(what)\n\(log.text)")
    }
}

/// Everything that was logged, as text.
final class CapturedLog: Sendable {
    private let lines = Mutex<[String]>([])

    var text: String { lines.withLock { $0.joined(separator: "\n") } }

    func append(_ line: String) { lines.withLock { $0.append(line) } }
}

struct CapturingHandler: LogHandler {
    let log: CapturedLog
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.trace

    subscript(metadataKey key: String) -> Logger.MetadataValue? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        log.append("\(event.level) \(event.message) \(metadata) \(event.metadata ?? [:])")
    }
}
