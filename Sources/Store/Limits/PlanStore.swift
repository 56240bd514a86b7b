package import Domain
package import SQLDatabase
import StrictJSON

/// A plan as it is kept: what it allows, and whether the server came with it.
package struct StoredPlan: Hashable, Sendable, Identifiable {
    package var plan: LimitPlan
    /// Can be changed, and not deleted.
    package let isBuiltIn: Bool
    /// Grows with every change; the value of a compare-and-swap.
    package var version: Int64

    package var id: PlanID { plan.id }

    package init(plan: LimitPlan, isBuiltIn: Bool = false, version: Int64 = 1) {
        self.plan = plan
        self.isBuiltIn = isBuiltIn
        self.version = version
    }
}

/// Plans: data, kept by server administrators (LIM-1).
package enum PlanStore {
    /// Adds a plan unless another has its name; answers whether it was added.
    package static func insert(_ plan: StoredPlan, now: Instant, in tx: borrowing Transaction) throws -> Bool {
        let values: [SQLValue] = [
            .id(plan.id), .text(plan.plan.name), .text(plan.plan.figures.stored), .bool(plan.isBuiltIn),
            .instant(now), .instant(now), .int(plan.version),
        ]
        return try tx.first(insert, values) != nil
    }

    package static func get(_ id: PlanID, in tx: borrowing Transaction) throws -> StoredPlan? {
        try tx.first(get, [.id(id)], plan)
    }

    /// All plans, by name.
    package static func all(in tx: borrowing Transaction) throws -> [StoredPlan] {
        try tx.rows(all, [], plan)
    }

    /// The plan that an organization was given, if it was given one.
    package static func plan(
        of organization: OrganizationID,
        in tx: borrowing Transaction
    ) throws -> StoredPlan? {
        try tx.first(ofOrganization, [.id(organization)], plan)
    }

    /// Whether another plan has this name.
    package static func isNameTaken(
        _ name: String,
        except id: PlanID,
        in tx: borrowing Transaction
    ) throws -> Bool {
        try tx.first(nameTaken, [.text(name), .id(id)]) != nil
    }

    /// Writes a changed plan if it still has the version it was read with; answers whether it did.
    package static func update(
        _ plan: StoredPlan,
        expectedVersion: Int64,
        now: Instant,
        in tx: borrowing Transaction
    ) throws -> Bool {
        let values: [SQLValue] = [
            .text(plan.plan.name), .text(plan.plan.figures.stored), .instant(now), .int(plan.version), .id(plan.id),
            .int(expectedVersion),
        ]
        return try tx.execute(update, values) == 1
    }

    /// Whether an organization has the plan.
    package static func isUsed(_ id: PlanID, in tx: borrowing Transaction) throws -> Bool {
        try tx.first(used, [.id(id)]) != nil
    }

    /// Deletes a plan that is no built-in one; answers whether there was one.
    package static func delete(_ id: PlanID, in tx: borrowing Transaction) throws -> Bool {
        try tx.execute(delete, [.id(id)]) == 1
    }

    private static func plan(_ row: Row) throws -> StoredPlan {
        var reader = row.reader
        let id = try reader.id(PlanID.self)
        let name = try reader.text()
        let figures = try LimitFigures(stored: try reader.text())
        let isBuiltIn = try reader.bool()
        let version = try reader.int()
        try reader.finish()
        return StoredPlan(
            plan: LimitPlan(id: id, name: name, figures: figures),
            isBuiltIn: isBuiltIn,
            version: version
        )
    }

    private static let columns: ColumnList = ["id", "name", "limits", "is_built_in", "version"]
    private static let insert: Statement = """
        INSERT INTO plan (id, name, limits, is_built_in, created_at, updated_at, version)
        VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING id
        """
    private static let get = Statement("SELECT \(columns.list) FROM plan WHERE id = ?")
    private static let all = Statement("SELECT \(columns.list) FROM plan ORDER BY name")
    private static let ofOrganization = Statement(
        """
        SELECT \(columns.list(of: "plan")) FROM organization JOIN plan ON plan.id = organization.plan_id
        WHERE organization.id = ?
        """
    )
    private static let nameTaken: Statement = "SELECT id FROM plan WHERE name = ? AND id <> ?"
    private static let update: Statement = """
        UPDATE plan SET name = ?, limits = ?, updated_at = ?, version = ? WHERE id = ? AND version = ?
        """
    private static let used: Statement = "SELECT id FROM organization WHERE plan_id = ? LIMIT 1"
    private static let delete: Statement = "DELETE FROM plan WHERE id = ? AND is_built_in = 0"

    static let statements = [insert, get, all, ofOrganization, nameTaken, update, used, delete]
}

/// Figures as the store keeps them: one JSON object by the names of the fields; what is absent sets no limit.
extension LimitFigures {
    var stored: String {
        var writer = JSONWriter()
        writer.beginObject()
        for kind in LimitKind.allCases {
            guard let figure = self[kind] else { continue }
            writer.name(kind.field)
            writer.integer(Int64(figure))
        }
        writer.endObject()
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    /// A field that this program doesn't know, or a figure out of range, stops the reading: a limit that somebody set
    /// can't be passed over.
    init(stored text: String) throws {
        let unreadable = DatabaseError(.columnType, "A column does not hold limits that this version understands.")
        guard let object = try? JSONValue(parsing: text).objectValue else { throw unreadable }
        self.init()
        for field in object.fields {
            guard let kind = LimitKind.allCases.first(where: { $0.field == field.name }),
                let figure = field.value.integerValue, kind.range.contains(Int(figure))
            else { throw unreadable }
            self[kind] = Int(figure)
        }
    }
}
