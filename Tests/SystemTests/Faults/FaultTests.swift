import Foundation
import Testing

@Suite("Faults under load", .onPostgresOnly)
struct FaultTests {
    @Test(
        "REV-3, DST-4, ROT-4: no wrong answer during a fault, and all works again after it without a restart",
        arguments: WorldFault.all
    )
    func fault(_ fault: WorldFault) async throws {
        try await Workbench.run { bench in
            let world = try await World.start(on: bench)
            let history = try await world.history(during: fault)
            let faults = HistoryChecker().faults(in: history)
            #expect(faults.isEmpty, "\(faults.prefix(3)) of \(faults.count)")
            #expect(history.uses.contains { $0.answer == .accepted })
            #expect(history.uses.contains { $0.answer == .revoked })
            // One that was replaced may still be on its way out.
            try await eventually("no connection was leaked") { try await world.sessions() <= World.count * 8 }
        }
    }
}
