import ClavigerWire
package import ControlPlane
package import Domain
package import HTTPKernel
import HTTPTypes
package import Logging
import NIOCore
import Transport

/// What all channels of a server share: the use cases behind them, their limits, their instruments.
package final class AgentChannelEndpoint: Sendable {
    /// The limits of a channel.
    ///
    /// Tests shorten the times.
    package struct Limits: Sendable {
        /// How long an agent may take to prove itself.
        ///
        /// Default 10 s.
        package var hello = Duration.seconds(10)
        /// How often the server pings.
        ///
        /// Default 20 s.
        package var ping = Duration.seconds(20)
        /// How long an agent may be silent.
        ///
        /// Default 60 s.
        package var idle = Duration.seconds(60)
        /// How long a closing handshake may take.
        ///
        /// Default 2 s.
        package var close = Duration.seconds(2)

        package init() {}
    }

    let path = APIPath.agentChannel.fullTemplate
    let service: ChannelService
    let limits: Limits
    let webSocket: WebSocketConfiguration
    let timeouts: WebSocketTimeouts
    let metrics: ChannelMetrics
    let now: @Sendable () -> Instant
    let random: RandomSource
    private let configuration: EdgeConfiguration
    private let logger: Logger

    package init(
        service: ChannelService,
        configuration: EdgeConfiguration,
        limits: Limits = Limits(),
        metrics: MetricsRegistry,
        now: @escaping @Sendable () -> Instant,
        random: RandomSource,
        logger: Logger
    ) {
        self.service = service
        self.configuration = configuration
        self.limits = limits
        self.now = now
        self.random = random
        self.logger = logger
        webSocket = WebSocketConfiguration(
            role: .server,
            maximumMessageBytes: ChannelProtocol.maximumFrameBytes,
            pingInterval: TimeAmount(limits.ping),
            idleTimeout: TimeAmount(limits.idle),
            closeTimeout: TimeAmount(limits.close)
        )
        timeouts = WebSocketTimeouts()
        self.metrics = ChannelMetrics(metrics, live: { [service] in service.liveCount })
    }

    /// The settings an agent goes by on a full channel.
    var agentSettings: [String: Int] {
        [
            "heartbeat_seconds": Int(limits.ping.components.seconds),
            "idle_seconds": Int(limits.idle.components.seconds),
        ]
    }

    /// Says whether an upgrade is answered with a channel; everything is checked that can be before the proof.
    func decide(_ head: HTTPRequest, peer: SocketAddress?) async -> ChannelDecision {
        let requestID = EdgeRequestID(incoming: head.headerFields[.xRequestID])
        let address = configuration.proxies.clientAddress(peer: peer, fields: head.headerFields)
        do {
            guard let authority = head.authority, !head.headerFields.contains(.host) else {
                throw HTTPProblem.malformedRequest("Send exactly one Host header.")
            }
            guard configuration.hosts.accepts(authority) else { throw HTTPProblem.unknownHost }
            if let fault = UpgradeRequest.fault(in: head.headerFields) { throw fault }
            let credential = try BearerCredential(head.headerFields)
            let ticket = try await service.admit(
                token: credential.token,
                address: address?.description,
                requestID: requestID.text
            )
            metrics.admitted.increment()
            return .admit(ChannelAdmission(ticket: ticket, requestID: requestID, endpoint: self))
        } catch {
            let problem = HTTPProblem(mapping: error)
            metrics.refused(problem.status)
            var metadata: Logger.Metadata = [
                "request_id": "\(requestID)", "status": "\(problem.status.code)", "code": "\(problem.code)",
            ]
            if let address { metadata["address"] = "\(address)" }
            logger.info("channel refused", metadata: metadata)
            return .refuse(problem, requestID)
        }
    }
}

/// The answer to an upgrade.
enum ChannelDecision: Sendable {
    case admit(ChannelAdmission)
    case refuse(HTTPProblem, EdgeRequestID)
}

/// A checked credential on its way to a channel.
struct ChannelAdmission: Sendable {
    let ticket: ChannelTicket
    let requestID: EdgeRequestID
    let endpoint: AgentChannelEndpoint

    /// The delegate of the session that is about to begin.
    func delegate(on eventLoop: any EventLoop) -> ChannelConnection {
        ChannelConnection(ticket: ticket, endpoint: endpoint, eventLoop: eventLoop)
    }
}
