package import Domain
package import SQLDatabase

/// APIs whose callers an organization has Claviger check, and the scopes it registered for them (TOK-3, TOK-5).
package enum ProtectedAPIStore {
    /// Adds an API unless the organization has another of this name; answers whether it was added.
    package static func insert(_ api: ProtectedAPI, now: Instant, in tx: borrowing Transaction) throws -> Bool {
        let fixed: [SQLValue] = [.id(api.id), .id(api.organizationID), .instant(now)]
        return try tx.first(insert, fixed + changingValues(of: api, now: now)) != nil
    }

    /// An API that isn't deleted.
    package static func get(_ id: ProtectedAPIID, in tx: borrowing Transaction) throws -> ProtectedAPI? {
        try tx.first(get, [.id(id)], api)
    }

    /// An API of this organization that isn't deleted; another's is not there, and takes as long to be not there.
    package static func get(
        _ id: ProtectedAPIID,
        organization: OrganizationID?,
        in tx: borrowing Transaction
    ) throws -> ProtectedAPI? {
        try tx.first(getOwn, [.id(id), .text(organization?.text)], api)
    }

    /// The APIs of an organization, by name.
    package static func list(of organization: OrganizationID, in tx: borrowing Transaction) throws -> [ProtectedAPI] {
        try tx.rows(list, [.id(organization)], api)
    }

    /// Whether another API of the organization has this name.
    package static func isNameTaken(
        _ name: String,
        organization: OrganizationID,
        except id: ProtectedAPIID?,
        in tx: borrowing Transaction
    ) throws -> Bool {
        try tx.first(nameTaken, [.id(organization), .text(name), .text(id?.text ?? "")]) != nil
    }

    /// Writes a changed API; answers whether there was one.
    package static func update(_ api: ProtectedAPI, now: Instant, in tx: borrowing Transaction) throws -> Bool {
        try tx.execute(update, changingValues(of: api, now: now) + [.id(api.id)]) == 1
    }

    /// Deletes an API; answers whether there was one.
    package static func delete(_ id: ProtectedAPIID, now: Instant, in tx: borrowing Transaction) throws -> Bool {
        try tx.execute(delete, [.instant(now), .id(id)]) == 1
    }

    private static let changing: ColumnList = ["name", "audience", "required_scopes", "accepted_kinds", "updated_at"]
    private static let columns = ColumnList(["id", "organization_id"]) + changing

    private static func changingValues(of api: ProtectedAPI, now: Instant) -> [SQLValue] {
        [
            .text(api.name), .text(api.audience), .json(api.requiredScopes.map(\.text)),
            .json(api.acceptedKinds.map(\.rawValue).sorted()), .instant(now),
        ]
    }

    private static func api(_ row: Row) throws -> ProtectedAPI {
        var reader = row.reader
        let id = try reader.id(ProtectedAPIID.self)
        let organization = try reader.id(OrganizationID.self)
        let api = ProtectedAPI(
            id: id,
            organizationID: organization,
            name: try reader.text(),
            audience: try reader.optionalText(),
            requiredScopes: try reader.jsonTexts().map(scope),
            acceptedKinds: Set(try reader.jsonTexts().compactMap(TokenKind.init(rawValue:)))
        )
        _ = try reader.instant()
        try reader.finish()
        return api
    }

    private static func scope(_ text: String) throws -> Scope {
        do throws(ScopeFault) {
            return try Scope(parsing: text)
        } catch {
            throw DatabaseError(.columnType, "A column does not hold scopes.")
        }
    }

    private static let insert = (ColumnList(["id", "organization_id", "created_at"]) + changing)
        .insert(into: "protected_api", then: "ON CONFLICT DO NOTHING RETURNING id")
    private static let get = Statement("SELECT \(columns.list) FROM protected_api WHERE id = ? AND deleted_at IS NULL")
    private static let getOwn = Statement("\(get.text) AND organization_id = ?")
    private static let list = Statement(
        "SELECT \(columns.list) FROM protected_api WHERE organization_id = ? AND deleted_at IS NULL ORDER BY name"
    )
    private static let nameTaken: Statement =
        "SELECT id FROM protected_api WHERE organization_id = ? AND name = ? AND deleted_at IS NULL AND id <> ?"
    private static let update = Statement(
        "UPDATE protected_api SET \(changing.assignments) WHERE id = ? AND deleted_at IS NULL"
    )
    private static let delete: Statement =
        "UPDATE protected_api SET deleted_at = ? WHERE id = ? AND deleted_at IS NULL"

    static let statements = [insert, get, getOwn, list, nameTaken, update, delete]
}
