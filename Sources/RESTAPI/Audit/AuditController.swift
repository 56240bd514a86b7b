import ClavigerWire
import ControlPlane
import Domain
import HTTPKernel
import HTTPTypes
import Hummingbird
import StrictJSON

/// The audit trail, newest first.
struct AuditController: Sendable {
    let audit: AuditService

    var routes: [Route] {
        [Route(.get, APIPath.auditEvents.fullTemplate, .authenticated(.auditRead, list))]
    }

    private func list(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        let names: Set<String> = [
            "action", "outcome", "actor", "target_kind", "target_id", "since", "until", "limit", "cursor", "scope",
        ]
        let parameters = try QueryParameters(request, allowed: names)
        var query = AuditQuery()
        query.actions = parameters["action"].map { $0.split(separator: ",").map(String.init) }
        query.outcome = try Fields.word(parameters, "outcome", as: AuditOutcome.self)
        query.actorID = parameters["actor"]
        switch (parameters["target_kind"], parameters["target_id"]) {
        case (let kind?, let id?): query.target = AuditTarget(kind: kind, id: id)
        case (nil, nil): break
        default: throw HTTPProblem.invalid("target_id", "target_kind and target_id go together.")
        }
        query.since = try Fields.time(parameters, "since")
        query.until = try Fields.time(parameters, "until")
        switch parameters["scope"] {
        case nil, "organization": break
        case "server": query.isServerScope = true
        default: throw HTTPProblem.invalid("scope", "Must be organization or server.")
        }
        query.limit = try Fields.limit(parameters)
        query.cursor = parameters["cursor"]
        let page = try await audit.events(query, caller: context.caller)
        return try JSONAnswer.make(
            WirePage(data: page.items.map(AuditEventResponse.init), nextCursor: page.nextCursor)
        )
    }
}

extension AuditEventResponse {
    init(_ event: AuditEvent) {
        self.init(
            id: event.id.text,
            time: event.time.rfc3339,
            actor: AuditActorResponse(kind: event.actor.kind.rawValue, id: event.actor.id, name: event.actor.name),
            action: event.action,
            target: event.target.map { AuditTargetResponse(kind: $0.kind, id: $0.id) },
            outcome: event.outcome.rawValue,
            reason: event.reason,
            surface: event.surface.rawValue,
            mode: event.mode.rawValue,
            address: event.address,
            userAgent: event.userAgent,
            requestID: event.requestID,
            credentialID: event.credentialID?.text,
            credentialPrefix: event.credentialPrefix,
            before: event.before.map(Self.value),
            after: event.after.map(Self.value),
            details: event.details.map(Self.value),
            count: event.count
        )
    }

    /// JSON text as its value; other text as a string.
    private static func value(_ text: String) -> JSONValue {
        (try? JSONValue(parsing: text)) ?? .string(text)
    }
}
