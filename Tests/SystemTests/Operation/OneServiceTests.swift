import Foundation
import Testing

@Suite("Several nodes are one service")
struct OneServiceTests {
    @Test("DST-1, DST-2: sessions, settings and idempotency keys of one node count on every other")
    func shared() async throws {
        try await Workbench.run { bench in
            let database = try await TestDatabase.make(on: bench)
            let first = try await Server.start(on: bench, environment: database.environment)
            let second = try await Server.start(on: bench, environment: database.environment, masterKeyOf: first)
            let owner = try await first.owner()
            let here = owner.api
            let there = API(url: second.url, token: here.token)
            _ = try await there.get("/api/v1/me").expecting(200)

            try await owner.set(["agent_token_rotation_days": 14])
            #expect(
                try await there.get("/api/v1/settings").expecting(200) == here.get("/api/v1/settings").expecting(200)
            )

            let replies = try await withThrowingTaskGroup(of: Reply.self) { group in
                for node in [here, there, here, there, here, there] {
                    group.addTask {
                        try await node.post("/api/v1/agents", ["name": "once"], headers: ["Idempotency-Key": "k-1"])
                    }
                }
                return try await group.reduce(into: [Reply]()) { $0.append($1) }
            }
            #expect(replies.allSatisfy { [201, 409].contains($0.status) })
            #expect(replies.count { $0.status == 201 && $0.body["install_token"].text != nil } == 1)
            #expect(replies.allSatisfy { $0.status == 201 || $0.code == "IdempotencyKeyInUse" })
            #expect(try await database.sql("SELECT COUNT(*) FROM agent") == "1")
            let again = try await there.post("/api/v1/agents", ["name": "once"], headers: ["Idempotency-Key": "k-1"])
            #expect(again.body["secret_already_shown"].bool == true)

            _ = try await there.post("/api/v1/auth/logout").expecting(200, 204)
            #expect(try await here.get("/api/v1/me").status == 401)
        }
    }
}
