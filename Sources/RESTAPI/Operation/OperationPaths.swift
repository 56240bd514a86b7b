import ClavigerWire
import Domain
package import HTTPKernel
import HTTPTypes
import Hummingbird
import NIOCore

/// `/readyz` and `/metrics`, answered in front of the router.
package struct OperationPaths: Sendable {
    private let configuration: EdgeConfiguration
    private let registry: MetricsRegistry
    private let metricsToken: String?
    private let problems: @Sendable () async -> [String]
    private let reading: @Sendable () -> DatabaseReading

    /// - Parameters:
    ///   - configuration: Which hosts are answered.
    ///   - registry: What `/metrics` shows.
    ///   - metricsToken: What opens metrics as bearer credential; nil leaves them to the host itself, if it is unproxied.
    ///   - problems: What keeps the server from answering, a sentence each; empty if nothing does.
    ///   - reading: How the database is and how far its change log was followed.
    package init(
        configuration: EdgeConfiguration,
        registry: MetricsRegistry,
        metricsToken: String?,
        problems: @escaping @Sendable () async -> [String],
        reading: @escaping @Sendable () -> DatabaseReading
    ) {
        self.configuration = configuration
        self.registry = registry
        self.metricsToken = metricsToken
        self.problems = problems
        self.reading = reading
    }

    package var hot: [String: EdgeResponder.Hot] {
        [APIPath.readiness.fullTemplate: ready, APIPath.metrics.fullTemplate: metrics]
    }

    private func ready(_ request: Request, _ context: EdgeContext) async -> Response {
        await answering(request, context) {
            let problems = await problems()
            let reading = reading()
            let lag = reading.lag.map { Int(($0 / .milliseconds(1)).rounded()) }
            let health = HealthResponse(
                status: problems.isEmpty ? "ok" : "unavailable",
                problems: problems.isEmpty ? nil : problems,
                changeLog: .init(lagMilliseconds: lag, entries: reading.entries)
            )
            var answer = try JSONAnswer.make(health, status: problems.isEmpty ? .ok : .serviceUnavailable)
            if !problems.isEmpty { answer.headers[.retryAfter] = "1" }
            return answer
        }
    }

    private func metrics(_ request: Request, _ context: EdgeContext) async -> Response {
        await answering(request, context) {
            guard isLocal(request, context) || hasToken(request) else {
                throw HTTPProblem.unauthorized(.missingCredential, refusal)
            }
            return Response(
                status: .ok,
                headers: [.contentType: PrometheusText.mediaType],
                body: ResponseBody(byteBuffer: ByteBuffer(string: PrometheusText.render(registry)))
            )
        }
    }

    private func answering(
        _ request: Request,
        _ context: EdgeContext,
        _ body: () async throws -> Response
    ) async -> Response {
        let requestID = EdgeRequestID(incoming: request.headers[.xRequestID])
        var response: Response
        do {
            guard configuration.hosts.accepts(request.head.authority) else { throw HTTPProblem.unknownHost }
            guard request.method == .get || request.method == .head else {
                throw HTTPProblem.methodNotAllowed([.get, .head])
            }
            response = try await body()
        } catch {
            response = HTTPProblem(mapping: error).response(requestID: requestID)
        }
        response.headers[.xRequestID] = requestID.text
        StandardHeaders.add(to: &response.headers)
        return request.method == .head ? response.createHeadResponse() : response
    }

    private var refusal: String {
        guard metricsToken == nil else { return "Metrics are answered with the metrics token as bearer credential." }
        let remedy = "to read them, name a file with a token of at least 16 characters in metrics_token_file."
        return configuration.isLocalOnly
            ? "Without a metrics token only the host itself may read metrics; \(remedy)"
            : "Behind public_url or a proxy metrics need a token, and none is configured; \(remedy)"
    }

    /// Whether the request comes from this host and was not passed on by a proxy on it.
    ///
    /// A proxy need not say that it is one (nginx adds nothing by itself), so where one is to be expected the peer's
    /// address proves nothing.
    private func isLocal(_ request: Request, _ context: EdgeContext) -> Bool {
        guard configuration.isLocalOnly else { return false }
        guard let peer = context.peer.flatMap({ IPAddress($0) }), peer.isLoopback else { return false }
        return !request.headers.contains(.xForwardedFor) && !request.headers.contains(.forwarded)
            && !request.headers.contains(.via)
    }

    private func hasToken(_ request: Request) -> Bool {
        guard let metricsToken, let sent = try? BearerCredential(request.headers) else { return false }
        let (wanted, given) = (Array(metricsToken.utf8), Array(sent.token.utf8))
        guard wanted.count == given.count, !wanted.isEmpty else { return false }
        return zip(wanted, given).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
