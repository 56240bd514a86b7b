import ControlPlane
import Domain
import StrictJSON
import Testing

@Suite("Reports of limits")
struct LimitReportTests {
    @Test("LIM-5: analytics tell at which endpoint a token ran into its limits, how often, and which limit would do")
    func report() async throws {
        try await VerifiedAPI.run { api in
            try await api.setPlan(#"{"per_hour":4,"per_day":1000}"#)
            let grant = try await api.token("one", ["agents:read", "analytics:read"])
            let (text, id) = (grant.token.revealed(), grant.view.token.id.text)
            for _ in 0..<3 { #expect(try await api.server.call("GET", "/api/v1/agents", token: text).status == 200) }
            for place in 0..<6 { #expect(try await api.forward(text).status == (place == 0 ? 200 : 429)) }
            let session = try await api.server.login()
            let path = "/api/v1/analytics/tokens/\(id)/limits"
            try await eventually("the use is written") {
                let answer = try await api.server.call("GET", path, token: session)
                #expect(answer.status == 200, "\(answer.text)")
                let exceeded = answer.json["exceeded"]?.arrayValue ?? []
                guard exceeded.first?["refused"]?.integerValue == 5 else { return false }
                #expect(exceeded.count == 1 && exceeded.first?["calls"]?.integerValue == 6)
                #expect(exceeded.first?["endpoint"]?.stringValue == api.api.id.text)
                let limits = answer.json["limits"]?.arrayValue ?? []
                #expect(limits.map { $0["name"]?.stringValue } == ["hour", "day"])
                #expect(limits.first?["peak"]?.integerValue == 9 && limits.first?["suggested"]?.integerValue == 12)
                #expect(limits.last?["suggested"]?.isNull == true)
                return true
            }
            for days in ["0", "32", "x", ""] {
                #expect(try await api.server.call("GET", "\(path)?days=\(days)", token: session).status == 422)
            }
            let other = try await api.token("other").token.revealed()
            #expect(try await api.server.call("GET", path, token: other).status == 403, "it lacks analytics:read")
        }
    }
}
