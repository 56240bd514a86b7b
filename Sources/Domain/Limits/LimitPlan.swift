package struct PlanID: EntityID {
    package static let prefix = "pln"
    package let value: TypeIDValue
    package init(value: TypeIDValue) { self.value = value }
}

/// The limits that an organization has bought or was given (LIM-1): data, edited by server administrators.
package struct LimitPlan: Hashable, Sendable {
    package let id: PlanID
    package var name: String
    package var figures: LimitFigures

    package init(id: PlanID, name: String, figures: LimitFigures) {
        self.id = id
        self.name = name
        self.figures = figures
    }

    /// What is wrong with the plan: one sentence per field, in the order of the fields; empty if it may be stored.
    ///
    /// A limit above that of a longer window could never be reached and is taken for a slip.
    package var faults: [LimitFault] {
        var faults = figures.faults
        if !Self.isName(name) {
            faults.insert(
                LimitFault(
                    field: "name",
                    message: "must have 1 to 64 characters, without control characters and blanks at its ends"
                ),
                at: 0
            )
        }
        for (place, kind) in LimitKind.allCases.enumerated() {
            guard let figure = figures[kind], !faults.contains(where: { $0.field == kind.field }) else { continue }
            let longer = LimitKind.allCases[(place + 1)...].first { figures[$0].map { figure > $0 } ?? false }
            guard let longer, let bound = figures[longer] else { continue }
            faults.append(
                LimitFault(
                    field: kind.field,
                    message: "must be at most \(bound), because \(longer.field) would be reached before"
                )
            )
        }
        return faults
    }

    private static func isName(_ name: String) -> Bool {
        (1...64).contains(name.count) && name.utf8.count <= 255 && name.first != " " && name.last != " "
            && name.unicodeScalars.allSatisfy { scalar in
                switch scalar.properties.generalCategory {
                case .control, .format, .lineSeparator, .paragraphSeparator: false
                default: true
                }
            }
    }
}

extension LimitPlan {
    /// For trying out and small tools.
    package static let free = LimitPlan(
        id: builtInID(1),
        name: "free",
        figures: LimitFigures(burst: 10, perMinute: 60, perHour: 1000, perDay: 10_000, monthlyQuota: 100_000)
    )

    /// For products with traffic of their own.
    package static let pro = LimitPlan(
        id: builtInID(2),
        name: "pro",
        figures: LimitFigures(burst: 100, perMinute: 1200, perHour: 30_000, perDay: 300_000, monthlyQuota: 5_000_000)
    )

    /// For whole companies: no monthly quota, windows that only stop a program gone wild.
    package static let enterprise = LimitPlan(
        id: builtInID(3),
        name: "enterprise",
        figures: LimitFigures(burst: 1000, perMinute: 30_000, perHour: 1_000_000, perDay: 10_000_000)
    )

    /// The plans that every server has from its first start.
    package static let builtIn = [free, pro, enterprise]

    /// A fixed id in the form of a UUIDv7 of 1970, before which none can be made.
    private static func builtInID(_ number: UInt64) -> PlanID {
        PlanID(value: TypeIDValue(high: 0x7000, low: 1 << 63 | number))
    }
}
