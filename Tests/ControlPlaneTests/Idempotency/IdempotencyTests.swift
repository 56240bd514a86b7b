import ControlPlane
import Domain
import Store
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
            await bench.idempotency.abandon(try await fresh(bench, caller))
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

    private func begin(
        _ bench: AccessBench,
        _ caller: Caller,
        key: String = "k-1",
        route: String = route,
        body: String = "{}"
    ) async throws -> IdempotencyService.Beginning {
        try await bench.idempotency.begin(key: key, route: route, body: Array(body.utf8), caller: caller)
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
