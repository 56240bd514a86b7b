import ClavigerAgent
import ClavigerWire
import StrictJSON
import Testing
import Transport

@Suite("Rotation on a channel")
struct RotationTests {
    private func rotates(_ bench: AgentBench) async throws {
        try await bench.running {
            try await bench.eventually("connected") { $0.accepted == 1 }
            bench.plane.rotate()
            try await bench.eventually("promoted") { $0.completed.count == 1 }
        }
    }

    /// Leaves the agent with a new token whose proof nobody answered; goes on with that channel if there is more.
    private func leavesUnproven(
        _ bench: AgentBench,
        _ more: @escaping @Sendable () async throws -> Void = {}
    ) async throws {
        try await bench.enroll()
        bench.plane.with { $0.swallowedProofs = 1 }
        try await bench.running {
            try await bench.eventually("connected") { $0.accepted == 1 }
            bench.plane.rotate()
            try await bench.eventually("proof sent") { $0.proofs.count == 1 }
            try await more()
        }
    }

    @Test("ROT-2: a new token is stored, answered, proven on the same channel and reported")
    func rotation() async throws {
        try await AgentBench.run { bench in
            try await bench.enroll()
            try await rotates(bench)
            let seen = bench.plane.with { ($0.answers.map(\.status), $0.proofs, $0.channels.count, $0.completed) }
            #expect(seen.0 == [.ok] && seen.1 == [FakeControlPlane.token(2)] && seen.2 == 1)
            #expect(seen.3 == [RotationCompleteParams(rotationID: "rot_1", attempt: 1)])
            let shelf = try bench.stored().shelf
            #expect(shelf.confirmed?.text.revealed() == FakeControlPlane.token(2))
            #expect(shelf.superseded?.text.revealed() == FakeControlPlane.token(1))
            #expect(shelf.unconfirmed == nil)
        }
    }

    @Test("ROT-4: a token that was stored and not proven is presented first after a restart, and promoted")
    func unprovenFirst() async throws {
        try await AgentBench.run { bench in
            try await leavesUnproven(bench)
            #expect(try bench.stored().shelf.unconfirmed?.text.revealed() == FakeControlPlane.token(2))
            try await bench.running { try await bench.eventually("connected") { $0.accepted == 2 } }
            #expect(bench.plane.with { $0.presented.last } == FakeControlPlane.token(2))
            #expect(try bench.stored().shelf.confirmed?.text.revealed() == FakeControlPlane.token(2))
        }
    }

    @Test("ROT-4: a frame that is sent again is answered and proven again")
    func sentAgain() async throws {
        try await AgentBench.run { bench in
            try await leavesUnproven(bench) {
                bench.plane.rotate(again: true)
                try await bench.eventually("promoted") { $0.completed.count == 1 }
            }
            #expect(bench.plane.with { $0.answers.map(\.status) } == [.ok, .ok])
        }
    }

    @Test("ROT-4: a newer frame never overwrites an unproven token; refused as invalid, it makes room")
    func provesFirst() async throws {
        try await AgentBench.run { bench in
            try await leavesUnproven(bench) {
                bench.plane.rotate(attempt: 2)
                try await bench.eventually("the stored token is proven first") { $0.proofs.count == 2 }
                #expect(try bench.stored().shelf.unconfirmed?.text.revealed() == FakeControlPlane.token(2))
                bench.plane.rotate(attempt: 3)
                try await bench.eventually("promoted") { $0.completed.count == 1 }
            }
            let expected = [2, 2, 4].map(FakeControlPlane.token)
            #expect(bench.plane.with { $0.proofs } == expected)
            #expect(try bench.stored().shelf.confirmed?.text.revealed() == FakeControlPlane.token(4))
        }
    }

    @Test("ROT-4: a withdrawn token falls back to the confirmed one, on InvalidToken only")
    func withdrawn() async throws {
        try await AgentBench.run { bench in
            try await leavesUnproven(bench)
            bench.plane.with { $0.pending = nil }
            try await bench.running {
                try await bench.eventually("connected with the older token") { $0.accepted == 2 }
                bench.plane.rotate(attempt: 2)
                try await bench.eventually("promoted") { $0.completed.count == 1 }
            }
            let expected = [1, 2, 1].map(FakeControlPlane.token)
            #expect(bench.plane.with { $0.presented } == expected)
        }
    }

    @Test("ROT-4: a time-out, a 5xx, a bare 401, expired, paused and blocked never lead to the older token")
    func noFallback() async throws {
        try await AgentBench.run { bench in
            try await leavesUnproven(bench)
            let replies: [FakeReply] = [
                .answer(500), .problem(503, "InvalidToken"), .answer(401), .answer(401, [], "InvalidToken"),
                .json(401, #"{"code":"InvalidToken"}"#), .problem(401, "ExpiredToken"), .problem(401, "SuspendedToken"),
                .problem(403, "Blocked"), .problem(401, "RotatedOutToken"), .problem(429, "TooManyAttempts"), .drop,
                .problem(421, "MisdirectedRequest"), .answer(302, [("Location", "http://127.0.0.1:1/")]),
            ]
            bench.plane.with {
                $0.upgradeReplies = replies
                $0.presented = []
            }
            try await bench.running { try await bench.eventually("connected") { $0.accepted == 2 } }
            let presented = bench.plane.with { $0.presented }
            #expect(presented.count == replies.count + 1)
            #expect(Set(presented) == [FakeControlPlane.token(2)])
        }
    }

    @Test("ROT-4: a restored server that knows only the superseded token is reached with it")
    func restoredServer() async throws {
        try await AgentBench.run { bench in
            try await bench.enroll()
            try await rotates(bench)
            bench.plane.with {
                $0.current = FakeControlPlane.token(1)
                $0.previous = nil
                $0.completed = []
            }
            try await bench.running {
                try await bench.eventually("connected with the superseded token") { $0.accepted == 2 }
                bench.plane.rotate(id: "rot_9")
                try await bench.eventually("promoted") { $0.completed.count == 1 }
            }
            #expect(try bench.stored().shelf.confirmed?.text.revealed() == FakeControlPlane.token(3))
            #expect(bench.plane.with { $0.hellos.map(\.superseded) } == [nil, true], "the server is told")
        }
    }

    @Test("ROT-6: a token that can't be stored is answered with an error, and the old state is whole")
    func notStored() async throws {
        try await AgentBench.run { bench in
            try await bench.enroll()
            let before = try bench.stored()
            let blocker = bench.folder + "/state.json.new"
            try await bench.running {
                try await bench.eventually("connected") { $0.accepted == 1 }
                TemporaryFolder.makeFolder(blocker)
                bench.plane.rotate()
                try await bench.eventually("answered") { $0.answers.count == 1 }
                TemporaryFolder.removeFolder(blocker)
                #expect(try bench.stored() == before)
                bench.plane.rotate(attempt: 2)
                try await bench.eventually("promoted") { $0.completed.count == 1 }
            }
            #expect(bench.plane.with { $0.answers.map(\.status) } == [.error, .ok])
        }
    }

    static let odd: [(String, Int?)] = [
        (#"{"jsonrpc":"2.0","id":"x","method":"agent.dance","params":{}}"#, -32_601),
        (#"{"jsonrpc":"2.0","id":"x","method":"agent.rotate_token","params":{}}"#, -32_602),
        (
            #"{"jsonrpc":"2.0","id":"x","method":"agent.rotate_token","params":{"rotation_id":"rot_1","attempt":1,"#
                + #""new_token":"clv_in_x","grace_period_seconds":1}}"#, -32_602
        ),
        (#"{"jsonrpc":"2.0","id":"never-asked","result":{}}"#, nil),
        (#"{"jsonrpc":"2.0","method":"agent.unknown","params":{"a":1}}"#, nil),
        (#"{"jsonrpc":"2.0","id":7,"method":"agent.dance"}"#, -32_600),
        ("not JSON", -32_700), ("[]", -32_600), ("{\"a\":1,\"a\":2}", -32_700),
    ]

    @Test("DST-7: odd frames get their error and end nothing", arguments: odd)
    func oddFrames(_ frame: String, _ code: Int?) async throws {
        try await AgentBench.run { bench in
            try await bench.enroll()
            try await bench.running {
                try await bench.eventually("connected") { $0.accepted == 1 }
                bench.plane.with { $0.channels.last }?.session.send(text: frame)
                if let code {
                    try await bench.eventually("answered") { $0.failures.first?.code == code }
                }
                bench.plane.rotate()
                try await bench.eventually("still rotates") { $0.completed.count == 1 }
            }
            #expect(bench.plane.with { $0.channels.count } == 1)
        }
    }
}
