package import ControlPlane

/// Turns a bearer credential into a caller; the composition root gives it ControlPlane's own check.
package struct Authenticator: Sendable {
    private let check: @Sendable (BearerCredential, OpenContext) async throws(ControlPlaneError) -> Caller

    package init(
        check: @escaping @Sendable (BearerCredential, OpenContext) async throws(ControlPlaneError) -> Caller
    ) {
        self.check = check
    }

    package func authenticate(
        _ credential: BearerCredential,
        _ context: OpenContext
    ) async throws(ControlPlaneError) -> Caller {
        try await check(credential, context)
    }
}
