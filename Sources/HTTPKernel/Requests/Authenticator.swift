package import ControlPlane

/// Turns a bearer credential into a caller, by ControlPlane's own check.
package struct Authenticator: Sendable {
    private let service: AuthenticationService

    package init(service: AuthenticationService) {
        self.service = service
    }

    func authenticate(
        _ credential: BearerCredential,
        _ context: OpenContext
    ) async throws(ControlPlaneError) -> Caller {
        try await service.authenticate(bearer: credential.token, origin: context.anonymousCaller, route: context.route)
    }
}
