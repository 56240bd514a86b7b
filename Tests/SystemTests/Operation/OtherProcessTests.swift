import Foundation
import Testing

@Suite("Changes made by another process in the same database")
struct OtherProcessTests {
    @Test("REV-3: a revocation written by another process closes the live channel within a second")
    func closesWithinASecond() async throws {
        try await Workbench.run { bench in
            let server = try await Server.start(on: bench)
            let owner = try await server.owner()
            let agent = PythonAgent(bench)
            let (id, installToken) = try await owner.createAgent("snake")
            try await agent.enroll(at: server, with: installToken)
            let running = try agent.run()
            _ = try await running.awaitEvent("connected")

            try await server.alter(
                "UPDATE identity SET state = 'revoked', revoked_at = 1, version = version + 1 WHERE id = '\(id)'"
            )
            let begun = ContinuousClock.now
            try await eventually("the channel is closed", within: .seconds(5)) {
                running.events.contains { $0["event"].text == "closed" }
            }
            #expect(ContinuousClock.now - begun < .seconds(1))
            #expect(running.events.last?["code"].int == 4001)
            #expect(try await agent.probe("current")["event"].text == "refused")
        }
    }
}
