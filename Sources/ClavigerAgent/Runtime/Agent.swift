public import Logging
import NIOCore
import NIOPosix
public import ServiceLifecycle
import Transport
import UnixSignals

/// An agent: enrols, and then keeps its channel to the server until it is stopped or its credential ends.
public struct Agent: Service {
    /// What an enrolment came to.
    public struct Enrolment: Sendable, Equatable {
        public let agentID: String
        /// The machine had a credential before, which was left alone.
        public let wasEnrolledBefore: Bool
    }

    /// The version that the agent states.
    public static let version = ClavigerAgent.version

    /// How often `enroll` tries to reach the server.
    static let enrolmentAttempts = 5

    private let configuration: AgentConfiguration
    private let installToken: SecretText?
    private let logger: Logger

    /// Makes an agent; the install token is used only if the state directory holds no credential.
    public init(configuration: AgentConfiguration, installToken: String? = nil, logger: Logger) {
        self.configuration = configuration
        self.installToken = installToken.map { SecretText($0) }
        self.logger = logger
    }

    /// Enrols with the install token; an enrolled machine is left alone.
    public func enroll() async throws -> Enrolment {
        try await withTools { tools, state in
            if let state, state.isEnrolled, let id = state.agentID {
                return Enrolment(agentID: id, wasEnrolledBefore: true)
            }
            guard let installToken else {
                throw AgentError(.notEnrolled, "Enrolment needs an install token.")
            }
            let enrolled = try await Enroller(tools: tools).enroll(
                installToken,
                from: state,
                attempts: Self.enrolmentAttempts
            )
            return Enrolment(agentID: enrolled.agentID ?? "", wasEnrolledBefore: false)
        }
    }

    /// Enrols if needed and keeps the channel until graceful shutdown; throws when the credential has ended.
    public func run() async throws {
        try await cancelWhenGracefulShutdown {
            try await withTools { tools, state in
                guard let state = try await credential(tools, state) else { return }
                var keeper = ChannelKeeper(tools: tools, state: state)
                try await keeper.run()
            }
        }
    }

    /// The state with a credential, from the directory or by enrolment; nil if the agent was stopped meanwhile.
    private func credential(_ tools: AgentTools, _ state: AgentState?) async throws -> AgentState? {
        if let state, state.isEnrolled {
            return state
        }
        guard let installToken else {
            if let end = state?.end { throw AgentError(end: end) }
            throw AgentError(
                .notEnrolled,
                "This machine is not enrolled: give an install token, or run `claviger-agent enroll`."
            )
        }
        let enroller = Enroller(tools: tools)
        do {
            return try await enroller.enroll(installToken, from: state, attempts: nil)
        } catch {
            if Task.isCancelled { return nil }
            throw error
        }
    }

    /// Opens the state directory and makes everything an agent needs, for as long as the body runs.
    private func withTools<Result: Sendable>(
        _ body: @Sendable (AgentTools, AgentState?) async throws -> Result
    ) async throws -> Result {
        let directory = try StateDirectory(opening: configuration.stateDirectory)
        let state = try directory.read()
        let origin = try origin(state)
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let pool = NIOThreadPool(numberOfThreads: 1)
        pool.start()
        let outcome: Swift.Result<Result, any Error>
        do {
            let settings = try networkSettings(origin)
            let cloud = group.any().makePromise(of: CloudStatement?.self)
            defer { cloud.succeed(nil) }
            let tools = AgentTools(
                configuration: configuration,
                origin: origin,
                client: try NetworkClient(group: group, settings: settings, secure: origin.isSecure),
                keeper: StateKeeper(directory: directory, pool: pool, eventLoop: group.any()),
                timeouts: WebSocketTimeouts(tick: .seconds(1)),
                logger: logger,
                cloud: cloud.futureResult,
                random: { count in (0..<count).map { _ in UInt8.random(in: 0...255) } }
            )
            outcome = .success(try await withCloud(cloud, group) { try await body(tools, state) })
        } catch let error as TransportError {
            outcome = .failure(AgentError(.badSetting, error))
        } catch {
            outcome = .failure(error)
        }
        try? await pool.shutdownGracefully()
        try? await group.shutdownGracefully()
        return try outcome.get()
    }

    /// Asks for the cloud beside the body, which never waits for it longer than its limit.
    private func withCloud<Result: Sendable>(
        _ cloud: EventLoopPromise<CloudStatement?>,
        _ group: any EventLoopGroup,
        _ body: () async throws -> Result
    ) async throws -> Result {
        let metadata = CloudMetadata(source: configuration.metadata, group: group)
        return try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { cloud.succeed(await metadata?.find()) }
            defer { tasks.cancelAll() }
            return try await body()
        }
    }

    private func origin(_ state: AgentState?) throws -> WebOrigin {
        // A token goes to another server than its own only if somebody says so for this very start.
        let stored = state.flatMap { $0.isEnrolled ? $0.server : nil }
        guard let address = configuration.server ?? stored ?? configuration.enrolmentServer ?? state?.server else {
            throw AgentError(.notEnrolled, "This machine is not enrolled: name the server and give an install token.")
        }
        do {
            return try WebOrigin(parsing: address)
        } catch {
            throw AgentError(.badSetting, error.message)
        }
    }

    private func networkSettings(_ origin: WebOrigin) throws -> NetworkSettings {
        if configuration.allowsPlainHTTP, !origin.isSecure, !origin.isLoopback {
            logger.warning("tokens travel in plain text: plain http to another machine was allowed by a setting")
        }
        guard origin.isSecure || origin.isLoopback || configuration.allowsPlainHTTP else {
            throw AgentError(
                .badSetting,
                "Plain http is allowed to this machine only; use an https address for the server."
            )
        }
        return NetworkSettings(
            proxy: try ProxySettings(environment: configuration.proxyEnvironment),
            extraRootsFile: configuration.extraRootsFile,
            allowsPlainText: configuration.allowsPlainHTTP
        )
    }
}

extension Agent {
    /// Runs as a program does: SIGTERM and SIGINT stop it cleanly.
    public func runUntilSignal() async throws {
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [
                    ServiceGroupConfiguration.ServiceConfiguration(
                        service: self,
                        successTerminationBehavior: .gracefullyShutdownGroup,
                        failureTerminationBehavior: .gracefullyShutdownGroup
                    )
                ],
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: Logger(label: "claviger-agent.lifecycle") { _ in SwiftLogNoOpLogHandler() }
            )
        )
        try await group.run()
    }
}
