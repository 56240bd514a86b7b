import ControlPlane
import Domain
import Store
import StrictJSON
import Testing

@Suite("Idempotency keys")
struct IdempotencyTests {
    private static let route = "POST /api/v1/agents"

    @Test("a key runs once; a replay answers the same object without its secret")
    func replays() async throws {
        try await AccessBench.run { bench in
            let (_, caller) = try await bench.owner()
            let handle = try await fresh(bench, caller)
            await expectRefusal(.idempotencyKeyInUse) { try await begin(bench, caller) }
            let token = Token.make(.install, random: .system).revealed()
            let body = #"{"id":"agt_1","install_token":null,"secret_already_shown":true}"#
            await bench.idempotency.complete(handle, status: 201, body: body)
            guard case .replay(let answer) = try await begin(bench, caller) else {
                Issue.record("A second request has to be answered with the first one's object.")
                return
            }
            #expect(answer.status == 201 && answer.body == body)
            await expectRefusal(.idempotencyKeyReused) { try await begin(bench, caller, body: "{\"a\":1}") }
            let second = try await fresh(bench, caller, key: "other")
            await bench.idempotency.complete(second, status: 201, body: "{\"install_token\":\"\(token)\"}")
            guard case .replay(let redacted) = try await begin(bench, caller, key: "other") else { return }
            #expect(redacted.body?.contains(token.dropFirst(7).prefix(8)) == false)
        }
    }

    @Test("a key belongs to its caller and route, and to nobody after a day")
    func scope() async throws {
        try await AccessBench.run { bench in
            let (_, caller) = try await bench.owner()
            await bench.idempotency.complete(try await fresh(bench, caller), status: 201, body: "{}")
            _ = try await fresh(bench, bench.host)
            _ = try await fresh(bench, caller, route: "POST /api/v1/agents/{id}/tokens/rotate")
            bench.clock.advance(by: .hours(24) - .seconds(1))
            guard case .replay = try await begin(bench, caller) else {
                Issue.record("The answer is kept for a day.")
                return
            }
            bench.clock.advance(by: .seconds(1))
            _ = try await fresh(bench, caller)
        }
    }

    @Test("a request that changed nothing, or whose process died, gives its key back")
    func givesBack() async throws {
        try await AccessBench.run { bench in
            let (_, caller) = try await bench.owner()
            await bench.idempotency.abandon(try await fresh(bench, caller), after: ControlPlaneError.notFound("agent"))
            _ = try await fresh(bench, caller)
            bench.clock.advance(by: IdempotencyService.longestRun - .seconds(1))
            await expectRefusal(.idempotencyKeyInUse) { try await begin(bench, caller) }
            bench.clock.advance(by: .seconds(1))
            _ = try await fresh(bench, caller)
        }
    }

    @Test("of many requests with one key at the same moment, one runs")
    func race() async throws {
        try await AccessBench.run { bench in
            let (_, caller) = try await bench.owner()
            let ran = await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<16 { group.addTask { (try? await fresh(bench, caller)) != nil } }
                return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(ran == 1)
        }
    }

    @Test("a key has 1 to 255 visible characters")
    func lengths() async throws {
        try await AccessBench.run { bench in
            let (_, caller) = try await bench.owner()
            _ = try await fresh(bench, caller, key: "a")
            _ = try await fresh(bench, caller, key: String(repeating: "a", count: 255))
            for key in ["", String(repeating: "a", count: 256), "a b", "é", "a\u{0}"] {
                await expectRefusal(.invalidFields) { try await begin(bench, caller, key: key) }
            }
        }
    }

    @Test("ROT-5: work that was committed is never done again with its key, wherever the first request ended")
    func bound() async throws {
        try await AccessBench.run { bench in
            let (_, caller) = try await bench.owner()
            let service = bench.idempotency
            // The process dies between the commit and the answer: nothing else is done with the handle.
            try await service.carryOut(try await fresh(bench, caller)) { try await work(bench, caller) }
            await expectRefusal(.idempotencyKeyInUse) { try await begin(bench, caller) }
            bench.clock.advance(by: IdempotencyService.life - .seconds(1))
            await expectRefusal(.idempotencyKeyInUse) { try await begin(bench, caller) }
            // A failure behind the commit doesn't free the key either.
            let handle = try await fresh(bench, caller, key: "k-2")
            try await service.carryOut(handle) { try await work(bench, caller) }
            await service.abandon(handle, after: ControlPlaneError(.unavailable, "Try again."))
            await expectRefusal(.idempotencyKeyInUse) { try await begin(bench, caller, key: "k-2") }
            // One before it does.
            let third = try await fresh(bench, caller, key: "k-3")
            await service.abandon(third, after: ControlPlaneError(.unavailable, "Try again."))
            _ = try await fresh(bench, caller, key: "k-3")
        }
    }

    @Test("ROT-5: a request that lost its key to a later one can't commit, give the key back or answer for it")
    func overtaken() async throws {
        try await AccessBench.run { bench in
            let (_, caller) = try await bench.owner()
            let service = bench.idempotency
            let slow = try await fresh(bench, caller)
            bench.clock.advance(by: IdempotencyService.longestRun)
            let later = try await fresh(bench, caller)
            await expectRefusal(.idempotencyKeyInUse) {
                try await service.carryOut(slow) { try await work(bench, caller) }
            }
            #expect(try await bench.settings.values().server[.agentTokenRotationDays] == 7)
            await service.abandon(slow, after: ControlPlaneError.notFound("agent"))
            await service.complete(slow, status: 201, body: "slow")
            await expectRefusal(.idempotencyKeyInUse) { try await begin(bench, caller) }
            try await service.carryOut(later) { try await work(bench, caller) }
            await service.complete(later, status: 201, body: "{}")
            guard case .replay(let answer) = try await begin(bench, caller) else { return }
            #expect(answer.body == "{}")
        }
    }

    @Test("ROT-15: a rotation that failed at the agent is told again with the same key, its reason without tokens")
    func failure() async throws {
        try await AccessBench.run { bench in
            let (_, caller) = try await bench.owner()
            let handle = try await fresh(bench, caller)
            let token = Token.make(.agent, random: .system).revealed()
            let error = ControlPlaneError(.rotationFailed, "No: \(token)", details: ["rotation_id": "rot_1"])
            await bench.idempotency.abandon(handle, after: error)
            let again = await #expect(throws: ControlPlaneError.self) { try await begin(bench, caller) }
            #expect(again?.code == .rotationFailed && again?.message == "No: clv_ag_…[redacted]")
            #expect(again?.details == ["rotation_id": "rot_1"])
        }
    }

    @Test("ORG-4: who lost the permission is refused, and told nothing of what was answered before")
    func withdrawn() async throws {
        try await AccessBench.run { bench in
            let (_, caller) = try await bench.owner()
            await bench.idempotency.complete(try await fresh(bench, caller), status: 201, body: "{}")
            let viewer = caller.limited(to: WorkspaceRole.viewer.permissionSet)
            await expectRefusal(.permissionDenied) { try await begin(bench, viewer) }
            await expectRefusal(.permissionDenied) { try await begin(bench, viewer, key: "fresh") }
            #expect(try await bench.events(caller.organizationID).filter { $0.outcome == .denied }.count == 2)
        }
    }

    private let need = IdempotencyService.Need(.agentsCreate, as: "agent.create")

    /// Something that is changed in one transaction.
    private func work(_ bench: AccessBench, _ caller: Caller) async throws {
        _ = try await bench.settings.update(["agent_token_rotation_days": 9], caller: caller)
    }

    private func begin(
        _ bench: AccessBench,
        _ caller: Caller,
        key: String = "k-1",
        route: String = route,
        body: String = "{}"
    ) async throws -> IdempotencyService.Beginning {
        try await bench.idempotency.begin(key: key, route: route, body: Array(body.utf8), needs: need, caller: caller)
    }

    private func fresh(
        _ bench: AccessBench,
        _ caller: Caller,
        key: String = "k-1",
        route: String = route
    ) async throws -> IdempotencyService.Handle {
        guard case .fresh(let handle) = try await begin(bench, caller, key: key, route: route) else {
            throw NotFresh()
        }
        return handle
    }

    private struct NotFresh: Error {}
}
