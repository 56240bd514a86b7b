/// How many units a call takes, 0 to 1000; a call of no units is a look.
package struct LimitCost: Hashable, Sendable {
    package static let range = 0...1000
    package static let look = LimitCost(unchecked: 0)
    package static let one = LimitCost(unchecked: 1)

    package let units: Int

    /// Fails outside ``range``: a negative cost would give units back.
    package init?(_ units: Int) {
        guard Self.range.contains(units) else { return nil }
        self.units = units
    }

    private init(unchecked units: Int) { self.units = units }
}
