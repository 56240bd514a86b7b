/// Figures of a token's own that stand instead of its plan's (LIM-1); where it says nothing, the plan's hold.
///
/// A figure above the plan's counts only where somebody who may widen limits set it: one that was narrower than the plan
/// of its time doesn't outlive a change to a smaller plan. An override can't lift a limit altogether; the widest figure
/// there is comes close.
package struct LimitOverride: Hashable, Sendable {
    package var figures: LimitFigures
    /// The figures that may lie above the plan's.
    package var widening: Set<LimitKind>

    package init(_ figures: LimitFigures, widening: Set<LimitKind> = []) {
        self.figures = figures
        self.widening = widening
    }

    /// One sentence for each figure outside its range.
    package var faults: [LimitFault] { figures.faults }

    /// The limits that it makes wider than the plan; setting them needs a permission of its own.
    package func widened(beyond plan: LimitPlan) -> [LimitKind] {
        LimitKind.allCases.filter { kind in
            guard let own = figures[kind], let bound = plan.figures[kind] else { return false }
            return own > bound
        }
    }

    package func isWider(than plan: LimitPlan) -> Bool { !widened(beyond: plan).isEmpty }
}

/// The limits that hold for one subject: its plan's, with its override's figures in their place as far as they may be.
package struct EffectiveLimits: Hashable, Sendable {
    package let figures: LimitFigures

    /// A figure outside its range, which only a damaged record has, counts as the nearest that is allowed.
    package init(plan: LimitPlan, override: LimitOverride? = nil) {
        var figures = plan.figures
        for kind in LimitKind.allCases {
            if let override, let own = override.figures[kind] {
                figures[kind] = override.widening.contains(kind) ? own : min(own, figures[kind] ?? own)
            }
            figures[kind] = figures[kind].map { min(max($0, kind.range.lowerBound), kind.range.upperBound) }
        }
        self.figures = figures
    }

    package subscript(_ kind: LimitKind) -> Int? { figures[kind] }

    /// No limit at all.
    package static let none = EffectiveLimits(plan: LimitPlan(id: LimitPlan.free.id, name: "", figures: LimitFigures()))
}
