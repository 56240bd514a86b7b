import AgentChannel
import ControlPlane
import Domain
import HTTPKernel
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import RESTAPI
import Store

/// Everything that runs in a server, put together from the foundation up.
struct ServerAssembly {
    let services: ServerServices
    let edge: EdgeConfiguration
    private let foundation: ServerFoundation
    private let server: HTTPServerBuilder
    private let responder: EdgeResponder

    init(_ foundation: ServerFoundation, publicURL: String) async throws {
        let configuration = foundation.configuration
        let proxies = TrustedProxies(configuration.trustedProxies)
        guard let edge = EdgeConfiguration(publicURL: publicURL, proxies: proxies) else {
            throw HostError(.address, "public_url \(publicURL): can't be used.")
        }
        self.foundation = foundation
        self.edge = edge
        let services = try await ServerServices(foundation.context(publicURL: publicURL), foundation)
        self.services = services
        let metrics = MetricsRegistry()
        let operation = OperationPaths(
            configuration: edge,
            registry: metrics,
            metricsToken: try Self.metricsToken(configuration),
            problems: { await services.problems() },
            reading: { services.reading() }
        )
        DatabaseMetrics.register(in: metrics) { services.reading() }
        let api = RESTAPI(
            services: services.routes,
            configuration: edge,
            binaries: AgentBinaryShelf(
                directory: configuration.agentBinaryDirectory ?? ProgramPath.directory,
                own: ProgramPath.beside("claviger-agent")
            ),
            agentImage: configuration.agentImage
        )
        services.routeActions.fill((api.routes + VerificationPaths.routes).scopeActions)
        let verification = VerificationPaths(service: services.verification, configuration: edge, registry: metrics)
        responder = EdgeResponder(
            routes: RouteTable(api.routes, metrics: metrics),
            hot: operation.hot.merging(verification.hot) { first, _ in first },
            prefixed: verification.prefixed,
            authenticator: Authenticator(service: services.authentication),
            meter: TokenMeter(service: services.verification),
            configuration: edge,
            metrics: metrics
        )
        let endpoint = AgentChannelEndpoint(
            service: services.channels,
            configuration: edge,
            limits: Self.channelLimits(configuration),
            metrics: metrics,
            now: { foundation.clock.now() },
            random: foundation.random,
            logger: foundation.logger
        )
        server = try HTTPServer.builder(
            limits: edge.limits,
            connections: ConnectionMetrics(metrics),
            endpoint: endpoint,
            tls: configuration.tls
        )
    }

    /// The application that serves on an address.
    func application(
        on address: ListenAddress,
        group: any EventLoopGroup,
        onRunning: @escaping @Sendable () async -> Void
    ) -> Application<EdgeResponder> {
        Application(
            responder: responder,
            server: server,
            configuration: ApplicationConfiguration(address: .hostname(address.host, port: address.port)),
            onServerRunning: { _ in await onRunning() },
            eventLoopGroupProvider: .shared(group),
            logger: foundation.logger
        )
    }

    private static func channelLimits(_ configuration: ServerConfiguration) -> AgentChannelEndpoint.Limits {
        var limits = AgentChannelEndpoint.Limits()
        limits.hello = configuration.seconds(ServerSetting.helloTimeoutSeconds)
        limits.ping = configuration.seconds(ServerSetting.channelPingSeconds)
        limits.idle = configuration.seconds(ServerSetting.channelIdleSeconds)
        return limits
    }

    private static func metricsToken(_ configuration: ServerConfiguration) throws(HostError) -> String? {
        guard let path = configuration.metricsTokenFile else { return nil }
        let token = try PrivateFile.read(path)?.split(whereSeparator: \.isWhitespace).first.map(String.init) ?? ""
        guard token.utf8.count >= 16 else {
            throw HostError(.file, "metrics_token_file \(path): must hold a token of at least 16 characters.")
        }
        return token
    }
}
