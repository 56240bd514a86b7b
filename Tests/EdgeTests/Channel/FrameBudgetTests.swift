import AgentChannel
import NIOCore
import Testing

@Suite("How many frames an agent may send")
struct FrameBudgetTests {
    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000)

    @Test("AGT-7: 120 frames at once and not one more; 4 more each second, never above 120")
    func unasked() {
        var budget = FrameBudget(now: start)
        #expect(taken(&budget, of: 121, at: start) == 120)
        #expect(taken(&budget, of: 5, at: start + .milliseconds(999)) == 0)
        #expect(taken(&budget, of: 5, at: start + .seconds(1)) == 4)
        #expect(taken(&budget, of: 200, at: start + .hours(10)) == 120)
    }

    @Test("ROT-2: what the server asks for is no flood, however often it asks")
    func asked() {
        var budget = FrameBudget(now: start)
        for round in 0..<200 {
            budget.grant(FrameBudget.perRotation)
            let now = start + .milliseconds(Int64(round) * 10)
            #expect(taken(&budget, of: FrameBudget.perRotation, at: now) == FrameBudget.perRotation)
        }
        #expect(taken(&budget, of: 200, at: start + .seconds(2)) == 120)
    }

    @Test("AGT-7: what was granted is not lost when time adds more, and is used once")
    func grantedOnce() {
        var budget = FrameBudget(now: start)
        budget.grant(3)
        #expect(taken(&budget, of: 200, at: start + .seconds(1)) == 123)
        #expect(taken(&budget, of: 200, at: start + .seconds(1)) == 0)
    }

    private func taken(_ budget: inout FrameBudget, of frames: Int, at now: NIODeadline) -> Int {
        var count = 0
        for _ in 0..<frames where budget.take(now: now) { count += 1 }
        return count
    }
}
