/// A set of actions in two machine words.
package struct ScopeActionSet: Hashable, Sendable {
    private var low: UInt64 = 0
    private var high: UInt64 = 0

    package init() {}

    package init(_ actions: some Sequence<ScopeAction>) {
        for action in actions { insert(action) }
    }

    /// What a scope with the permission's name covers.
    init(named permission: Permission) {
        let (resource, isReading) = (permission.resource, permission.rawValue.hasSuffix(":read"))
        self.init(
            ScopeAction.allCases.filter { $0.permission == permission && (!isReading || $0.resource == resource) }
        )
    }

    package var isEmpty: Bool { low | high == 0 }

    package func contains(_ action: ScopeAction) -> Bool {
        let place = UInt64(action.rawValue)
        return (place < 64 ? low >> place : high >> (place - 64)) & 1 != 0
    }

    package mutating func insert(_ action: ScopeAction) {
        let place = UInt64(action.rawValue)
        if place < 64 { low |= 1 << place } else { high |= 1 << (place - 64) }
    }

    package mutating func formUnion(_ other: ScopeActionSet) {
        low |= other.low
        high |= other.high
    }

    package func isSubset(of other: ScopeActionSet) -> Bool {
        low & ~other.low == 0 && high & ~other.high == 0
    }

    /// The members in the order of the list.
    package var actions: [ScopeAction] { ScopeAction.allCases.filter(contains) }

    /// The permissions that the members need.
    package var permissions: PermissionSet { PermissionSet(actions.map(\.permission)) }
}
