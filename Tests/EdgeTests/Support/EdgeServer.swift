import AgentChannel
import ControlPlane
import Domain
import HTTPKernel
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
import RESTAPI
import SQLDatabase
import SQLiteDriver
import ServiceLifecycle
import Store
import StrictJSON
import Synchronization
import Testing

/// A whole server in this process: the real stack on SQLite, on 127.0.0.1 and a port of its own.
struct EdgeServer: Sendable {
    let port: Int
    let log: LogBook
    let metrics: MetricsRegistry
    let database: any Database
    let channels: ChannelService
    let routes: [Route]
    let setupSecret: String
    let clock: ShiftedClock
    let context: ControlPlaneContext

    /// What a test changes before the server starts.
    struct Options: Sendable {
        var limits = EdgeLimits()
        var channel = AgentChannelEndpoint.Limits()
        var proxies = TrustedProxies()
        var metricsToken: String? = EdgeServer.metricsToken
        var problems: [String] = []
        var publicURL = "https://claviger.example"
        var binaries = AgentBinaryShelf.none
        var agentImage = "registry.example/claviger-agent:1.2"
    }

    static let metricsToken = "metrics-token-0123456789"
    static let email = "ada@example.org"
    static let password = "correct horse battery"

    /// Runs a test against a server, and stops the server afterwards.
    static func run(
        _ options: Options = Options(),
        _ body: @escaping @Sendable (EdgeServer) async throws -> Void
    ) async throws {
        let database = try SQLiteDatabase(.memory)
        do {
            try await serve(options, database, body)
        } catch {
            await database.close()
            throw error
        }
        await database.close()
    }

    private static func serve(
        _ options: Options,
        _ database: any Database,
        _ body: @escaping @Sendable (EdgeServer) async throws -> Void
    ) async throws {
        let parts = try await EdgeParts(options, database)
        let ports = AsyncStream<Int>.makeStream()
        let application = parts.application { ports.continuation.yield($0) }
        let group = ServiceGroup(
            configuration: .init(
                services: parts.background.map { .init(service: $0) } + [
                    .init(service: application, successTerminationBehavior: .gracefullyShutdownGroup)
                ],
                logger: parts.log.logger()
            )
        )
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            var iterator = ports.stream.makeAsyncIterator()
            let port = try #require(await iterator.next())
            let server = EdgeServer(
                port: port,
                log: parts.log,
                metrics: parts.metrics,
                database: database,
                channels: parts.channels,
                routes: parts.routes,
                setupSecret: parts.setupSecret,
                clock: parts.clock,
                context: parts.context
            )
            do {
                try await body(server)
            } catch {
                await group.triggerGracefulShutdown()
                throw error
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }
}

/// The real time, moved by what a test says.
final class ShiftedClock: Sendable {
    private let offset = Mutex(Duration.zero)

    func advance(_ duration: Duration) { offset.withLock { $0 += duration } }

    func now() -> Instant {
        let elapsed = ContinuousClock.now - Self.start
        return Instant(microseconds: 1_795_222_207_000_000) + elapsed + offset.withLock { $0 }
    }

    private static let start = ContinuousClock.now
}
