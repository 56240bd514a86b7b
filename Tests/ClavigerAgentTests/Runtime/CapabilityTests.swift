import ClavigerAgent
import ClavigerWire
import Testing
import Transport

@Suite("Capabilities of the daemon")
struct CapabilityTests {
    @Test(
        "DST-7: the daemon names its capabilities, and works with a server that names none, or unknown ones",
        arguments: [nil, [], ["agent.mode"], ["of.tomorrow"]] as [[String]?]
    )
    func named(_ ofServer: [String]?) async throws {
        try await AgentBench.run { bench in
            bench.plane.with { $0.capabilities = ofServer }
            try await bench.enroll()
            try await bench.running {
                try await bench.eventually("connected") { $0.accepted == 1 }
                bench.plane.with { $0.channels.last }?.session.send(
                    text: #"{"jsonrpc":"2.0","method":"agent.mode","params":{"mode":"renew-only","more":1}}"#
                )
                bench.plane.rotate()
                try await bench.eventually("rotates") { $0.completed.count == 1 }
            }
            #expect(bench.plane.with { $0.hellos.map(\.capabilities) } == [["agent.mode"]])
        }
    }
}
