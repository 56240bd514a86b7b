import Domain
import Testing

@Suite("Rotation against random histories")
struct RotationModelTests {
    /// A small generator, so that a seed repeats a history on every machine.
    struct Generator: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }

    static let policies = [
        RotationPolicy(),
        RotationPolicy(period: .days(1), grace: .minutes(60), offlineAllowance: .zero),
        RotationPolicy(period: .days(1), grace: .minutes(1), offlineAllowance: .days(2)),
        RotationPolicy(period: .days(365), grace: .minutes(5), offlineAllowance: .days(365)),
    ]

    @Test(
        "ROT-4: 120,000 random steps of operator, agent, clock, crash and network strand nobody",
        arguments: 0..<4
    )
    func histories(policy: Int) throws {
        let seed = UInt64.random(in: .min ... .max)
        var generator = Generator(state: seed)
        let ids = IDSource(clock: WallClock { Instant(microseconds: 0) }, random: .system)
        var trail: [RotationWorld.Step] = []
        do {
            for history in 0..<300 {
                trail = []
                var world = RotationWorld(policy: Self.policies[policy], hasExpiry: history % 5 != 0, ids: ids)
                let usesForce = history % 3 == 0
                for number in 0..<100 {
                    let step = RotationWorld.Step.allCases.randomElement(using: &generator) ?? .connect
                    if !usesForce, step == .force { continue }
                    trail.append(step)
                    try world.take(step, amount: Int.random(in: 0..<12, using: &generator))
                    try world.check()
                    if number % 25 == 24 { try world.checkThatNothingWaitsForEver() }
                }
            }
        } catch {
            Issue.record("seed \(seed), policy \(policy): \(error)\nafter \(trail)")
        }
    }
}
