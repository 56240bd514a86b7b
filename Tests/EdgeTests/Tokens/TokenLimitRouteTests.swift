import StrictJSON
import Testing

@Suite("Limits of tokens over HTTP")
struct TokenLimitRouteTests {
    private static let path = "/api/v1/tokens"

    @Test("LIM-1, TOK-4: limits are given, shown with their use, replaced and taken away")
    func life() async throws {
        try await EdgeServer.run { server in
            let owner = try await server.owner()
            let body = """
                {"name":"ci","scopes":["agents:read"],"expires_in_days":30,"limits":{"per_minute":2,"monthly_quota":50}}
                """
            let made = try await server.call("POST", Self.path, token: owner, body: body)
            let id = try #require(made.json["token"]?["id"]?.stringValue, "\(made.text)")
            let text = try #require(made.json["secret"]?.stringValue)
            #expect(made.json["token"]?["limits"] == ["per_minute": 2, "monthly_quota": 50], "\(made.text)")
            #expect(try await server.call("GET", "/api/v1/agents", token: text).status == 200)
            let details = try await server.call("GET", "\(Self.path)/\(id)/details", token: owner)
            let limits = try #require(details.json["limits"]?.arrayValue)
            let minute = try #require(limits.first { $0["name"]?.stringValue == "per_minute" })
            #expect(minute["limit"] == 2 && minute["used"] == 1 && minute["remaining"] == 1, "\(details.text)")
            #expect(minute["is_own"] == true && minute["window_seconds"] == 60)
            #expect(try await server.call("GET", "/api/v1/agents", token: text).status == 200)
            #expect(try await server.call("GET", "/api/v1/agents", token: text).code == "RateLimitExceeded")
            let change = { (body: String) in
                try await server.call("PATCH", "\(Self.path)/\(id)", token: owner, body: body)
            }
            #expect(try await change(#"{"limits":{"per_hour":9}}"#).json["limits"] == ["per_hour": 9])
            #expect(try await change(#"{"name":"cd"}"#).json["limits"] == ["per_hour": 9])
            #expect(try await change(#"{"limits":null}"#).json["limits"] == nil)
            #expect(try await server.call("GET", "/api/v1/agents", token: text).status == 200)
        }
    }

    @Test(
        "TOK-8, LIM-1: limits that don't exist, are no numbers or out of their range are refused by field",
        arguments: [
            (#"{"per_week":1}"#, "/limits/per_week"), (#"{"per_minute":-1}"#, "/limits/per_minute"),
            (#"{"burst":1000000001}"#, "/limits/burst"), (#"{"per_day":1.5}"#, "/limits/per_day"),
            (#"{"monthly_quota":1000000000001}"#, "/limits/monthly_quota"), ("7", "/limits"),
        ]
    )
    func faults(_ limits: String, _ path: String) async throws {
        try await EdgeServer.run { server in
            let owner = try await server.owner()
            let (id, _) = try await server.token("ci", ["agents:read"], owner)
            let body = #"{"name":"x","scopes":["agents:read"],"expires_in_days":7,"limits":\#(limits)}"#
            for answer in [
                try await server.call("POST", Self.path, token: owner, body: body),
                try await server.call("PATCH", "\(Self.path)/\(id)", token: owner, body: #"{"limits":\#(limits)}"#),
            ] {
                #expect(answer.status == 422, "\(answer.text)")
                #expect(answer.json["errors"]?.arrayValue?.first?["path"]?.stringValue == path, "\(answer.text)")
            }
        }
    }
}
