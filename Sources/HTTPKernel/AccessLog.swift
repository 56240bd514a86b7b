import ControlPlane
import Domain
import HTTPTypes
import Logging

/// What is remembered of a request for its log line and its metrics.
struct Visit {
    var metrics: RouteMetrics
    var template = "unmatched"
    var address: IPAddress?
    var actor: Actor?
    /// Who was let in.
    var caller: Caller?
    var code: String?
    /// What the answer tells of the caller's limits, whatever the answer is.
    var told: HTTPFields = [:]

    func logger(_ base: Logger, _ requestID: EdgeRequestID) -> Logger {
        var logger = base
        logger[metadataKey: "request_id"] = "\(requestID)"
        logger[metadataKey: "route"] = "\(template)"
        return logger
    }
}

/// One line per request.
///
/// It names the route's template, never the path or the query: those may carry what a caller put there by mistake.
enum AccessLog {
    static func write(
        _ visit: Visit,
        _ method: HTTPRequest.Method,
        _ status: HTTPResponse.Status,
        _ elapsed: Duration,
        _ requestID: EdgeRequestID,
        _ logger: Logger
    ) {
        guard logger.logLevel <= .info else { return }
        var metadata: Logger.Metadata = [
            "method": "\(known(method))", "status": "\(status.code)", "duration_us": "\(elapsed.wholeMicroseconds)",
        ]
        if let address = visit.address { metadata["address"] = "\(address)" }
        if let code = visit.code { metadata["code"] = "\(code)" }
        if let actor = visit.actor, let id = actor.id { metadata["actor"] = "\(id)" }
        visit.logger(logger, requestID).info("request", metadata: metadata)
    }

    /// What lies behind a failure of the server's own; the caller is told less.
    static func writeFault(_ error: any Error, _ problem: HTTPProblem, _ logger: Logger) {
        guard problem.status.kind == .serverError, problem.status != .badGateway else { return }
        let known = error as? ControlPlaneError
        let cause = known.map { $0.cause.map { "\($0)" } ?? $0.message } ?? String(reflecting: type(of: error))
        logger.error("request failed", metadata: ["error": "\(SecretRedaction.redact(cause))"])
    }

    /// A method is free text of the caller's; only known ones are repeated.
    private static func known(_ method: HTTPRequest.Method) -> String {
        let methods: [HTTPRequest.Method] = [.get, .head, .post, .put, .patch, .delete, .options]
        return methods.contains(method) ? method.rawValue : "other"
    }
}
