import ClavigerClient
import ClavigerWire

extension ServerConnection {
    /// All tokens that a filter finds, page by page.
    func tokens(_ filter: TokenFilter = TokenFilter()) async throws -> [TokenResponse] {
        var tokens: [TokenResponse] = []
        var cursor: String?
        repeat {
            let page = try await client.listTokens(filter, limit: 200, cursor: cursor)
            tokens += page.data
            cursor = page.nextCursor
        } while cursor != nil
        return tokens
    }

    /// The id of a token named by id, or by a name that no other one has; revoked ones are named by id only.
    func tokenID(_ name: String) async throws -> String {
        if name.hasPrefix("crd_") { return name }
        let found = try await tokens(TokenFilter(text: name)).filter { $0.name == name && $0.status != "revoked" }
        guard let first = found.first else { throw CommandFailure(.notFound, "there is no token \(name).") }
        guard found.count == 1 else {
            throw CommandFailure(.invalidInput, "\(found.count) tokens are called \(name); name one by its id.")
        }
        return first.id
    }

    /// A template by its id.
    func tokenTemplate(_ id: String) async throws -> TokenTemplateResponse {
        let templates = try await client.tokenTemplates().data
        guard let template = templates.first(where: { $0.id == id }) else {
            let known = templates.map(\.id).joined(separator: ", ")
            throw CommandFailure(.invalidInput, "there is no template \(id); there are \(known).")
        }
        return template
    }

    /// All service accounts, page by page.
    func serviceAccounts() async throws -> [ServiceAccountResponse] {
        var accounts: [ServiceAccountResponse] = []
        var cursor: String?
        repeat {
            let page = try await client.listServiceAccounts(limit: 200, cursor: cursor)
            accounts += page.data
            cursor = page.nextCursor
        } while cursor != nil
        return accounts
    }

    /// The id of a service account named by id or name.
    func serviceAccountID(_ name: String) async throws -> String {
        if name.hasPrefix("sva_") { return name }
        guard let found = try await serviceAccounts().first(where: { $0.name == name }) else {
            throw CommandFailure(.notFound, "there is no service account \(name).")
        }
        return found.id
    }

    /// The id of a protected API named by id or name.
    func protectedAPIID(_ name: String) async throws -> String {
        if name.hasPrefix("api_") { return name }
        guard let found = try await client.protectedAPIs().data.first(where: { $0.name == name }) else {
            throw CommandFailure(.notFound, "there is no protected API \(name).")
        }
        return found.id
    }
}
