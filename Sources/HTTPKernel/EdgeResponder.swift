import ClavigerWire
import ControlPlane
import HTTPTypes
package import Hummingbird
import Logging
import NIOCore

/// Answers every request of a server: hot paths first, then the route table.
package struct EdgeResponder: HTTPResponder {
    package typealias Context = EdgeContext
    /// Answers one exact path without anything around it.
    package typealias Hot = @Sendable (Request, EdgeContext) async -> Response

    private let routes: RouteTable
    private let hot: [String: Hot]
    /// What answers every path that begins like this.
    private let prefixed: (prefix: String, hot: Hot)?
    private let authenticator: Authenticator
    private let meter: TokenMeter?
    private let configuration: EdgeConfiguration
    private let unmatched: RouteMetrics
    private let health = Response(
        status: .ok,
        headers: [.contentType: "application/json", .cacheControl: "no-store"],
        body: ResponseBody(byteBuffer: ByteBuffer(string: #"{"status":"ok"}"#))
    )

    package init(
        routes: RouteTable,
        hot: [String: Hot],
        prefixed: (prefix: String, hot: Hot)? = nil,
        authenticator: Authenticator,
        meter: TokenMeter? = nil,
        configuration: EdgeConfiguration,
        metrics: MetricsRegistry
    ) {
        self.routes = routes
        self.hot = hot
        self.prefixed = prefixed
        self.authenticator = authenticator
        self.meter = meter
        self.configuration = configuration
        unmatched = RouteMetrics(method: "any", route: "unmatched", metrics)
    }

    package func respond(to request: Request, context: EdgeContext) async throws -> Response {
        if request.head.path == "/healthz", request.method == .get { return health }
        if let prefixed, request.head.path?.hasPrefix(prefixed.prefix) == true {
            return await prefixed.hot(request, context)
        }
        let target = request.head.path ?? ""
        let path = target.utf8.firstIndex(of: UInt8(ascii: "?")).map { String(target[..<$0]) } ?? target
        if path == "/healthz", request.method == .head { return health.createHeadResponse() }
        if let hot = hot[path] { return await hot(request, context) }
        return await respond(to: request, path: path, context)
    }

    private func respond(to request: Request, path: String, _ context: EdgeContext) async -> Response {
        let start = ContinuousClock.now
        let requestID = EdgeRequestID(incoming: request.headers[.xRequestID])
        var visit = Visit(metrics: unmatched)
        var response: Response
        do {
            response = try await answer(request, path: path, requestID: requestID, context, &visit)
        } catch {
            let problem = HTTPProblem(mapping: error)
            visit.code = problem.code.rawValue
            AccessLog.writeFault(error, problem, visit.logger(context.logger, requestID))
            response = problem.response(requestID: requestID)
        }
        for field in visit.told { response.headers[field.name] = field.value }
        response.headers[.xRequestID] = requestID.text
        StandardHeaders.add(to: &response.headers)
        if request.method == .head { response = response.createHeadResponse() }
        let elapsed = ContinuousClock.now - start
        visit.metrics.record(response.status, elapsed)
        meter?.note(visit, request.method, took: elapsed)
        AccessLog.write(visit, request.method, response.status, elapsed, requestID, context.logger)
        return response
    }

    private func answer(
        _ request: Request,
        path: String,
        requestID: EdgeRequestID,
        _ context: EdgeContext,
        _ visit: inout Visit
    ) async throws -> Response {
        let address = configuration.proxies.clientAddress(peer: context.peer, fields: request.headers)
        visit.address = address
        guard let authority = request.head.authority, !request.headers.contains(.host) else {
            throw HTTPProblem.malformedRequest("Send exactly one Host header.")
        }
        guard configuration.hosts.accepts(authority) else { throw HTTPProblem.unknownHost }
        let (entry, parameters) = try find(request.method, path)
        visit.template = entry.route.template
        visit.metrics = entry.metrics
        let open = OpenContext(
            requestID: requestID,
            address: address,
            userAgent: UserAgent.sane(request.headers[.userAgent]),
            isFromCommandLine: request.headers[.surface] == "cli",
            parameters: parameters,
            template: entry.route.template,
            route: entry.scopeRoute,
            action: entry.route.action,
            limits: configuration.limits,
            logger: context.logger
        )
        switch entry.route.access {
        case .open(let handler): return try await handler(request, open)
        case .bearer(let handler): return try await handler(request, open, BearerCredential(request.headers))
        case .inFront: throw HTTPProblem.unknownRoute
        case .signedIn(let handler), .authenticated(_, let handler):
            let shown = try await authenticator.authenticate(request.headers, open)
            visit.actor = shown.caller.actor
            visit.caller = shown.caller
            let isCounted = try await meter?.take(shown, open, &visit) ?? true
            let caller = shown.caller
            let response = try await caller.carryOut {
                try await handler(request, AuthenticatedContext(request: open, caller: caller))
            }
            if !isCounted { await meter?.takeAfterwards(shown, &visit) }
            return response
        }
    }

    private func find(_ method: HTTPRequest.Method, _ path: String) throws(HTTPProblem) -> (RouteEntry, PathParameters)
    {
        switch routes.match(method, path) {
        case .found(let entry, let parameters): return (entry, parameters)
        case .wrongMethod(let allowed): throw .methodNotAllowed(allowed)
        case .none: throw .unknownRoute
        }
    }
}
