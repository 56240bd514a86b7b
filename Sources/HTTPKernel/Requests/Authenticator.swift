package import ControlPlane
import HTTPTypes

/// Turns a bearer credential into a caller, by ControlPlane's own check.
package struct Authenticator: Sendable {
    private let service: AuthenticationService

    package init(service: AuthenticationService) {
        self.service = service
    }

    /// The caller that the fields of a request show: its credential, and where they want to act.
    func authenticate(_ fields: HTTPFields, _ context: OpenContext) async throws -> Caller {
        let credential = try BearerCredential(fields)
        let choice = PlaceChoice(
            organization: try Self.single(.organization, fields),
            workspace: try Self.single(.workspace, fields)
        )
        return try await service.authenticate(
            bearer: credential.token,
            origin: context.anonymousCaller,
            route: context.route,
            action: context.action,
            at: choice
        )
    }

    private static func single(_ name: HTTPField.Name, _ fields: HTTPFields) throws(HTTPProblem) -> String? {
        let values = fields[values: name]
        guard values.count <= 1 else { throw .malformedRequest("Send at most one \(name.rawName).") }
        return values.first
    }
}
