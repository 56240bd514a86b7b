import Foundation
import Testing

@Suite("Histories of many minutes", .onPostgresOnly)
struct HistorySoakTests {
    static let minutes = ProcessInfo.processInfo.environment["CLAVIGER_SOAK_MINUTES"].flatMap { Int($0) }

    @Test(
        "REV-3: on three nodes with one fault after the other, nothing is accepted after it was revoked",
        .enabled(if: minutes != nil, "make soak says for how many minutes")
    )
    func manyMinutes() async throws {
        try await Workbench.run { bench in
            let world = try await World.start(on: bench)
            let end = ContinuousClock.now + .seconds(60 * (Self.minutes ?? 1))
            var struck: [String: Int] = [:]
            let history = try await Traffic.beside(world.nodes) { _ in
                while ContinuousClock.now < end {
                    for fault in WorldFault.all.shuffled() where ContinuousClock.now < end {
                        try await fault.strike(world)
                        try await world.recover()
                        struck[fault.testDescription, default: 0] += 1
                    }
                }
            }
            let faults = HistoryChecker().faults(in: history)
            #expect(faults.isEmpty, "\(faults.prefix(5)) of \(faults.count)")
            #expect(try await world.sessions() <= World.count * 8, "connections were leaked")
            print(history.summary, struck.map { "\($0.value) × \($0.key)" }.sorted().joined(separator: "; "))
        }
    }
}

extension History {
    /// How much was seen.
    fileprivate var summary: String {
        let kinds = Dictionary(grouping: uses, by: \.answer).mapValues(\.count)
        let answers = kinds.map { "\($0.value) \($0.key)" }.sorted().joined(separator: ", ")
        let done = revocations.filter { $0.ended != nil }.count
        return "history: \(uses.count) uses (\(answers)), \(done) revocations answered of \(revocations.count) tried;"
    }
}
