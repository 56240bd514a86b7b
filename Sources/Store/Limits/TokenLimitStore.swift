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
            let widening = try reader.optionalText()
            let plan = try reader.optionalID(PlanID.self)
            return (own: own, widening: widening, plan: plan, figures: try reader.optionalText())
        }
        let figures = try found?.figures.map { try LimitFigures(stored: $0) } ?? LimitFigures()
        let own = try LimitOverride(figures: found?.own, widening: found?.widening)
        let plan = LimitPlan(id: LimitPlan.free.id, name: "", figures: figures)
        return Limits(plan: found?.plan, effective: EffectiveLimits(plan: plan, override: own))
    }

    private static let get: Statement = """
        SELECT t.limit_override, t.limit_widened, o.plan_id, p.limits FROM api_token t
        JOIN organization o ON o.id = t.organization_id LEFT JOIN plan p ON p.id = o.plan_id WHERE t.id = ?
        """

    static let statements = [get]
}

/// A token's own limits as the store keeps them: its figures, and the names of those that may be wider than its plan's.
extension LimitOverride {
    init?(figures: String?, widening: String?) throws {
        guard let figures else { return nil }
        let names = try widening.map { try Self.names($0) } ?? []
        self.init(
            try LimitFigures(stored: figures),
            widening: Set(LimitKind.allCases.filter { names.contains($0.field) })
        )
    }

    /// Absent if none may be wider.
    var storedWidening: String? {
        guard !widening.isEmpty else { return nil }
        let names = LimitKind.allCases.filter(widening.contains).map { JSONValue.string($0.field) }
        return JSONValue.array(names).text
    }

    private static func names(_ text: String) throws -> [String] {
        guard let list = (try? JSONValue(parsing: text))?.arrayValue else {
            throw DatabaseError(.columnType, "A column does not hold the names of limits.")
        }
        return list.compactMap(\.stringValue)
    }
}
