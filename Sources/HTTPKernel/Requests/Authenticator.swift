package import ControlPlane
package import HTTPTypes

/// Turns a bearer credential into a caller, by ControlPlane's own check.
package struct Authenticator: Sendable {
    private let service: AuthenticationService

    package init(service: AuthenticationService) {
        self.service = service
    }

    /// The caller that the fields of a request show, by its credential, where they want to act; with the token, if it was
    /// one.
    func authenticate(_ fields: HTTPFields, _ context: OpenContext) async throws -> Authenticated {
        let credential = try BearerCredential(fields)
        return try await service.recognize(
            bearer: credential.token,
            origin: context.anonymousCaller,
            route: context.route,
            action: context.action,
            at: PlaceChoice(fields)
        )
    }
}

extension PlaceChoice {
    /// Where the fields of a request say that a person wants to act (`Claviger-Organization`, `Claviger-Workspace`).
    package init(_ fields: HTTPFields) throws(HTTPProblem) {
        self.init(
            organization: try Self.single(.organization, fields),
            workspace: try Self.single(.workspace, fields)
        )
    }

    private static func single(_ name: HTTPField.Name, _ fields: HTTPFields) throws(HTTPProblem) -> String? {
        let values = fields[values: name]
        guard values.count <= 1 else { throw .malformedRequest("Send at most one \(name.rawName).") }
        return values.first
    }
}
