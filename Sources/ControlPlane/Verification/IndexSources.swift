package import Domain

/// The objects that a record of the index was made from, as places in a table of counters.
///
/// Two objects may share a place; then one is looked up once more than needed, which is harmless.
package struct IndexSources: Hashable, Sendable {
    /// How many places there are.
    package static let places = 1024
    /// How many objects one record may be made from.
    static let maximum = 8

    let places: SIMD8<UInt16>
    /// Whether all objects have a place; a record whose have not can't be kept.
    let isComplete: Bool

    package init(_ ids: [String]) {
        isComplete = ids.count <= Self.maximum
        var places = SIMD8<UInt16>()
        for (position, id) in ids.prefix(Self.maximum).enumerated() { places[position] = Self.place(of: id) }
        self.places = places
    }

    /// The sources of a token: itself, its owner, its organization with policy and scopes, its owner's custom roles,
    /// and the plan.
    package init(token: APIToken, owner: EffectiveAccess, plan: PlanID?) {
        let custom = owner.roles.compactMap { role in
            if case .custom(let id) = role { id.text } else { nil }
        }
        let plan = plan.map { [$0.text] } ?? []
        self.init([token.id.text, token.owner.id, token.organizationID.text] + plan + custom)
    }

    /// Of what can't be watched: a record made from it is never kept.
    static let unwatched = IndexSources(Array(repeating: "", count: maximum + 1))

    /// The place of an object, from 1; FNV-1a over its id.
    package static func place(of id: String) -> UInt16 {
        var hash: UInt32 = 2_166_136_261
        for byte in id.utf8 { hash = (hash ^ UInt32(byte)) &* 16_777_619 }
        return UInt16(1 + hash % UInt32(places - 1))
    }
}
