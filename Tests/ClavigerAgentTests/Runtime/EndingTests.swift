import ClavigerAgent
import Testing
import Transport

@Suite("How a channel ends")
struct EndingTests {
    static let erasing: [(UInt16, AgentError.Code)] = [(4001, .revoked), (4002, .deleted), (4003, .reset)]

    @Test("REV-2: revoked, deleted and reset erase tokens and key and stop with their own exit", arguments: erasing)
    func erases(code: UInt16, expected: AgentError.Code) async throws {
        try await AgentBench.run { bench in
            try await bench.enroll()
            let error = try await bench.running {
                try await bench.eventually("connected") { $0.accepted == 1 }
                bench.plane.with { $0.channels.last }?.session.close(code: code, reason: "ended")
                try await Task.sleep(for: .milliseconds(500))
            }
            #expect(error?.code == expected)
            let state = try bench.stored()
            #expect(state.shelf.isEmpty && state.privateKey.isEmpty && state.end != nil)
            await #expect(throws: AgentError(expected, "")) { try await bench.agent().run() }
            #expect(Set(Self.erasing.map(\.1.exitStatus)).count == 3)
        }
    }

    @Test("REV-2: RevokedToken from the configured server erases and stops")
    func revokedToken() async throws {
        try await AgentBench.run { bench in
            try await bench.enroll()
            bench.plane.with { $0.upgradeReplies = [.problem(401, "RevokedToken")] }
            await #expect(throws: AgentError(.revoked, "")) { try await bench.agent().run() }
            #expect(try bench.stored().shelf.isEmpty)
        }
    }

    static let keeping: [FakeReply] = [
        .answer(401), .answer(403), .answer(410), .answer(401, [], "RevokedToken"),
        .json(401, #"{"code":"RevokedToken"}"#), .problem(500, "RevokedToken"), .problem(503, "RevokedToken"),
        .problem(401, "InvalidToken"), .problem(401, "ExpiredToken"), .problem(404, "NotFound"),
        .answer(301, [("Location", "/")]), .drop,
    ]

    @Test("REV-2: nothing else that a server or proxy answers erases a token")
    func keeps() async throws {
        try await AgentBench.run { bench in
            try await bench.enroll()
            let before = try bench.stored()
            bench.plane.with { $0.upgradeReplies = Self.keeping }
            try await bench.running { try await bench.eventually("connected") { $0.accepted == 1 } }
            #expect(bench.plane.with { $0.presented.count } == Self.keeping.count + 1)
            #expect(try bench.stored() == before)
        }
    }

    @Test(
        "REV-2, AGT-7: every other close code keeps the tokens and comes back",
        arguments: [1000, 1001, 1011, 4000, 4004, 4005, 4006, 4007, 4400, 4401, 4010] as [UInt16]
    )
    func comesBack(code: UInt16) async throws {
        try await AgentBench.run { bench in
            try await bench.enroll()
            let before = try bench.stored()
            try await bench.running {
                try await bench.eventually("connected") { $0.accepted == 1 }
                bench.plane.with { $0.channels.last }?.session.close(code: code)
                try await bench.eventually("connected again") { $0.accepted == 2 }
            }
            #expect(try bench.stored() == before)
        }
    }

    @Test("AGT-7: stopping closes the channel with a code and leaves the state as it is")
    func stops() async throws {
        try await AgentBench.run { bench in
            try await bench.enroll()
            let before = try bench.stored()
            let error = try await bench.running { try await bench.eventually("connected") { $0.accepted == 1 } }
            #expect(error == nil)
            #expect(try bench.stored() == before)
            let closure = bench.plane.with { $0.channels.last }?.closure
            #expect(closure?.code == 1001)
            #expect(closure?.initiator == .remote)
        }
    }

    @Test("a state directory in use is not run twice")
    func twice() async throws {
        try await AgentBench.run { bench in
            try await bench.enroll()
            try await bench.running {
                try await bench.eventually("connected") { $0.accepted == 1 }
                await #expect(throws: AgentError(.stateLocked, "")) { try await bench.agent().run() }
                #expect(try AgentStatus(stateDirectory: bench.folder).isRunning)
            }
        }
    }
}
