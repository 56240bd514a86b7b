import ControlPlane
import Domain
import SQLDatabase
import Store
import StrictJSON
import Testing

@Suite("Tokens at Claviger's own routes")
struct MeterTests {
    @Test("LIM-2, LIM-5, ANA-2: limits count at the API's own routes, refuse with every field, and use is remembered")
    func ownRoutes() async throws {
        try await VerifiedAPI.run { api in
            try await api.setPlan(#"{"per_hour":2}"#)
            let grant = try await api.token("one")
            let text = grant.token.revealed()
            let first = try await api.server.call("GET", "/api/v1/agents", token: text)
            #expect(first.status == 200, "\(first.text)")
            #expect(first["ratelimit-policy"] == #""hour";q=2;w=3600"#)
            #expect(first["x-ratelimit-remaining"] == "1")
            #expect(try await api.server.call("GET", "/api/v1/agents", token: text).status == 200)
            let refused = try await api.server.call("GET", "/api/v1/agents", token: text)
            #expect(refused.status == 429)
            #expect(refused.code == "RateLimitExceeded")
            #expect(refused.json["resets_at"]?.stringValue != nil)
            #expect(refused["retry-after"].flatMap { Int($0) } ?? 0 > 0)
            for _ in 0..<3 {
                #expect(try await api.verify(#"{"token":"garbage"}"#).status == 200, "asking costs nothing")
            }
            let (id, now) = (grant.view.token.id, api.server.clock.now())
            try await eventually("the use is written") {
                let cells = try await api.server.database.read { tx in
                    try UsageStore.cells(of: id, (now - .hours(1))..<(now + .hours(1)), in: tx)
                }
                let counts = Dictionary(grouping: cells) { "\($0.key.endpoint) \($0.key.outcome)" }
                    .mapValues { $0.reduce(0) { $0 + $1.cell.count } }
                return counts == ["GET:/api/v1/agents ok": 2, "GET:/api/v1/agents RateLimitExceeded": 1]
            }
        }
    }

    @Test("LIM-2: a refusal for want of a scope costs nothing, and every answer tells how the limits stand")
    func refusals() async throws {
        try await VerifiedAPI.run { api in
            try await api.setPlan(#"{"per_hour":4}"#)
            let id = try await api.server.createAgent("alpha", owner: try await api.server.login()).id
            let text = try await api.token("one", ["agents:read", "agents:pause:\(id)"]).token.revealed()
            func ask(_ method: String, _ path: String) async throws -> Answer {
                try await api.server.call(method, "/api/v1" + path, token: text, body: method == "POST" ? "{}" : nil)
            }
            for _ in 0..<6 {
                for path in ["/settings", "/audit/events", "/service-accounts"] {
                    let answer = try await ask("GET", path)
                    #expect(answer.status == 403, "\(path): \(answer.text)")
                    #expect(answer["x-ratelimit-remaining"] == "4", "\(path)")
                    #expect(answer["retry-after"] == nil)
                }
                #expect(try await ask("POST", "/agents/\(id)/tokens/revoke").status == 403)
            }
            let good = try await ask("GET", "/agents")
            #expect(good.status == 200 && good["x-ratelimit-remaining"] == "3")
            let missing = try await ask("GET", "/agents/agt_00000000000000000000000001")
            #expect(missing.status == 404 && missing["x-ratelimit-remaining"] == "2", "\(missing.text)")
            #expect(missing["ratelimit-policy"] == #""hour";q=4;w=3600"#)
            // A right for one agent alone is foreseen, so that its use counts.
            let paused = try await ask("POST", "/agents/\(id)/pause")
            #expect(paused["x-ratelimit-remaining"] == "1", "\(paused.status) \(paused.text)")
            #expect(try await ask("GET", "/agents").status == 200)
            let refused = try await ask("GET", "/agents")
            #expect(refused.status == 429 && refused["retry-after"] != nil)
            #expect(try await ask("GET", "/settings").status == 403, "a right that is lacking is told before a limit")
        }
    }

    @Test("LIM-1, LIM-2: a token that acts on itself, or on tokens of accounts, is held to its limits as elsewhere")
    func onItself() async throws {
        try await VerifiedAPI.run { api in
            try await api.setPlan(#"{"per_hour":2}"#)
            let grant = try await api.token("one", ["agents:read"])
            var text = grant.token.revealed()
            let path = "/api/v1/tokens/\(grant.view.token.id)/rotate"
            for left in ["1", "0"] {
                let answer = try await api.server.call("POST", path, token: text, body: "{}")
                #expect(answer["x-ratelimit-remaining"] == left, "\(answer.status) \(answer.text)")
                text = answer.json["secret"]?.stringValue ?? text
            }
            let refused = try await api.server.call("POST", path, token: text, body: "{}")
            #expect(refused.status == 429, "\(refused.text)")
        }
    }
}
