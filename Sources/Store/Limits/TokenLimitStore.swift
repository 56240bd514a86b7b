package import Domain
package import SQLDatabase
import StrictJSON

/// Which limits hold for a token: those of its organization's plan, with its own in their place (LIM-1).
package enum TokenLimitStore {
    package struct Limits: Hashable, Sendable {
        /// Absent if the organization was given none: then nothing but the token's own limits holds.
        package let plan: PlanID?
        package let effective: EffectiveLimits
    }

    package static func limits(of token: CredentialID, in tx: borrowing Transaction) throws -> Limits {
        let found = try tx.first(get, [.id(token)]) { row in
            var reader = row.reader
            let own = try reader.optionalText()
            let plan = try reader.optionalID(PlanID.self)
            return (own: own, plan: plan, figures: try reader.optionalText())
        }
        let figures = try found?.figures.map { try LimitFigures(columnText: $0) } ?? LimitFigures()
        let own = try found?.own.map { LimitOverride(try LimitFigures(columnText: $0)) }
        let plan = LimitPlan(id: LimitPlan.free.id, name: "", figures: figures)
        return Limits(plan: found?.plan, effective: EffectiveLimits(plan: plan, override: own))
    }

    private static let get: Statement = """
        SELECT t.limit_override, o.plan_id, p.limits FROM api_token t
        JOIN organization o ON o.id = t.organization_id LEFT JOIN plan p ON p.id = o.plan_id WHERE t.id = ?
        """

    static let statements = [get]
}

extension LimitFigures {
    /// Reads figures by the names of their fields; one that this program doesn't know stops the reading, for a limit
    /// that somebody set can't be passed over.
    fileprivate init(columnText text: String) throws {
        let unreadable = DatabaseError(.columnType, "A column does not hold limits.")
        guard let object = (try? JSONValue(parsing: text))?.objectValue else { throw unreadable }
        self.init()
        for field in object.fields where !field.value.isNull {
            guard let kind = LimitKind.allCases.first(where: { $0.field == field.name }),
                let figure = field.value.integerValue
            else { throw unreadable }
            self[kind] = Int(figure)
        }
    }
}
