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
}
