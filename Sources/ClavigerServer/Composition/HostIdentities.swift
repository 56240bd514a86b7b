package import ClavigerWire
import ControlPlane
import HTTPKernel
package import RESTAPI

/// Machine identities straight in the database, by the rights of one of its administrators (CLI-2).
package struct HostIdentities: Sendable {
    private let requests: IdentityRequests

    fileprivate init(_ requests: IdentityRequests) {
        self.requests = requests
    }

    package func create(_ request: CreateIdentityRequest) async throws -> IdentityChangeResponse {
        try await told { try await requests.create(request) }
    }

    package func list(kind: String, limit: Int, cursor: String?) async throws -> WirePage<IdentityResponse> {
        try await told { try await requests.list(kind: kind, limit: limit, cursor: cursor) }
    }

    package func inspect(_ id: String) async throws -> IdentityResponse {
        try await told { try await requests.inspect(id) }
    }

    package func change(
        _ id: String,
        _ action: IdentityAction,
        _ order: IdentityActionRequest
    ) async throws -> IdentityChangeResponse {
        try await told { try await requests.change(id, action, order) }
    }

    private func told<T>(_ body: () async throws -> T) async throws -> T {
        try await HostCommands.told(body)
    }
}

extension HostCommands {
    /// Lets an administrator, named by e-mail address, work on the machine identities of a workspace; `nil` is the oldest
    /// that is open to them.
    ///
    /// It needs the database, whose schema it leaves alone, and the master key; the operating-system user is recorded.
    package static func withIdentities<T: Sendable>(
        _ configuration: ServerConfiguration,
        environment: [String: String],
        adminEmail: String,
        workspace: String?,
        _ body: (HostIdentities) async throws -> T
    ) async throws -> T {
        try await onHost(configuration, environment, changesSchema: false) { foundation, host in
            let assembly = try await ServerAssembly(foundation, publicURL: publicURL(configuration))
            let services = assembly.services
            let administrator = try await told {
                let place = PlaceChoice(organization: nil, workspace: workspace)
                return try await services.authentication.administrator(email: adminEmail, at: place, host: host)
            }
            return try await body(
                HostIdentities(IdentityRequests(service: services.routes.identities, caller: administrator))
            )
        }
    }

    /// A refusal of the rules comes out as a server would tell it; a database that fails as it is.
    fileprivate static func told<T>(_ body: () async throws -> T) async throws -> T {
        do {
            return try await body()
        } catch let error as ControlPlaneError where error.code == .unavailable || error.code == .overloaded {
            throw error
        } catch {
            throw HostRefusal(problem: HTTPProblem(mapping: error).problem(requestID: nil))
        }
    }
}
