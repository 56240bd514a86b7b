import Domain

/// A small generator, so that a seed repeats a run on every machine (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// Ids that are told apart by a number.
func id<ID: EntityID>(_ number: UInt64, _: ID.Type = ID.self) -> ID {
    ID(value: TypeIDValue(high: 0x0190_0000_0000_7000, low: 1 << 63 | number))
}

func stamp(_ number: UInt8) -> TokenStamp {
    let token = Token.make(.personal, random: RandomSource { Array(repeating: number, count: $0) })
    return TokenStamp(hash: TokenHasher(newest: Pepper(id: 1, secret: [1])).hash(token), prefix: token.prefix)
}

let start = Instant(microseconds: 1_800_000_000_000_000)

/// What the routes in these tests do.
let knownRoutes: [ScopeRoute: ScopeAction] = {
    let rows: [(String, String, ScopeAction)] = [
        ("GET", "/api/v1/agents", .agentsRead), ("POST", "/api/v1/agents", .agentsCreate),
        ("GET", "/api/v1/agents/{id}", .agentsRead), ("POST", "/api/v1/agents/{id}/tokens/rotate", .agentsRotate),
    ]
    return rows.reduce(into: [:]) { routes, row in
        if let route = ScopeRoute(method: row.0, template: row.1) { routes[route] = row.2 }
    }
}()

func scopes(_ texts: String...) throws -> ScopeSet { try ScopeSet.parse(texts).get() }
