import Foundation

/// A protected API and tokens of the first owner, put into a server's database from outside.
///
/// Tokens are made by the server's own routes; the API is a row that its administrator would have made.
extension Operator {
    /// A new personal token with these scopes: its id and its text.
    func createToken(
        _ name: String,
        _ scopes: [String],
        addresses: [String] = []
    ) async throws -> (id: String, text: String) {
        let body = try await api.post(
            "/api/v1/tokens",
            ["name": name, "scopes": scopes, "addresses": addresses, "expires_in_days": 30]
        ).expecting(201)
        let token = body["token"]
        return (try token["id"].text ?? body.string("id"), try body["secret"].text ?? body.string("token"))
    }
}

extension Server {
    /// A protected API of the only organization there is.
    func protectedAPI(_ name: String = "site") async throws -> String {
        let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz")
        let id = "api_01" + String((0..<24).map { _ in alphabet.randomElement() ?? "0" })
        try await alter(
            """
            INSERT INTO protected_api
                (id, organization_id, name, required_scopes, accepted_kinds, created_at, updated_at)
            SELECT '\(id)', id, '\(name)', '[]', '["pt","sa"]', 1, 1 FROM organization
            """
        )
        return id
    }

    /// Gives the organization a plan with these limits.
    func setPlan(_ limits: String) async throws {
        let id = "pln_0000000000e00800000000000\(Int.random(in: 4...9))"
        try await alter(
            """
            INSERT INTO plan (id, name, limits, is_built_in, created_at, updated_at, version)
            VALUES ('\(id)', '\(id)', '\(limits)', 0, 1, 1, 1)
            """
        )
        try await alter("UPDATE organization SET plan_id = '\(id)'")
    }
}
