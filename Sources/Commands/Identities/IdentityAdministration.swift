import ClavigerClient
import ClavigerServer
import ClavigerWire

/// Machine identities, by way of a server or straight in the database.
protocol IdentityAdministration: Sendable {
    func create(_ request: CreateIdentityRequest) async throws -> IdentityChangeResponse
    func list(kind: String, limit: Int, cursor: String?) async throws -> Page<IdentityResponse>
    func inspect(_ id: String) async throws -> IdentityResponse
    func change(
        _ id: String,
        _ action: IdentityAction,
        _ order: IdentityActionRequest
    ) async throws -> IdentityChangeResponse
}

extension HostIdentities: IdentityAdministration {}

/// Those of a server, as whoever is signed in.
struct ServerIdentities: IdentityAdministration {
    let client: ClavigerClient

    func create(_ request: CreateIdentityRequest) async throws -> IdentityChangeResponse {
        try await client.createIdentity(request)
    }

    func list(kind: String, limit: Int, cursor: String?) async throws -> Page<IdentityResponse> {
        try await client.listIdentities(kind: kind, limit: limit, cursor: cursor)
    }

    func inspect(_ id: String) async throws -> IdentityResponse { try await client.identity(id) }

    func change(
        _ id: String,
        _ action: IdentityAction,
        _ order: IdentityActionRequest
    ) async throws -> IdentityChangeResponse {
        try await client.changeIdentity(id, action, order)
    }
}

extension IdentityAdministration {
    /// All identities of a kind, page by page.
    func all(_ kind: IdentityKindOption) async throws -> [IdentityResponse] {
        var found: [IdentityResponse] = []
        var cursor: String?
        repeat {
            let page = try await list(kind: kind.rawValue, limit: 200, cursor: cursor)
            found += page.data
            cursor = page.nextCursor
        } while cursor != nil
        return found
    }

    /// The id of an identity that is named by its id, an account's name or an agent's slug.
    func id(_ name: String) async throws -> String {
        if name.hasPrefix("sva_") || name.hasPrefix("agt_") { return name }
        let accounts = try await all(.service).filter { $0.name == name }
        let agents = try await all(.agent).filter { $0.agent?.slug == name }
        let found = accounts + agents
        guard let only = found.first else {
            throw CommandFailure(.notFound, "there is no machine identity \(name).")
        }
        guard found.count == 1 else {
            let ids = found.map(\.id).joined(separator: " and ")
            throw CommandFailure(.invalidInput, "\(name) is the name of \(ids); give the id.")
        }
        return only.id
    }
}
