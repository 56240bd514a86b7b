import ControlPlane
import Domain
import StrictJSON
import Testing

@Suite("Warnings of quotas")
struct QuotaWarningTests {
    private static let field = "x-claviger-quota-warning"

    @Test("LIM-3: from 80 and 95 % of the month's quota on every way of checking a token says so, and none before")
    func everyDoor() async throws {
        try await VerifiedAPI.run { api in
            try await api.setPlan(#"{"monthly_quota":100}"#)
            let text = try await api.token("one").token.revealed()
            // Each step takes some units by verification, and one at the other two doors.
            for (cost, threshold) in [(77, nil), (1, "80"), (12, "95")] as [(Int, String?)] {
                let verified = try await api.verify(#"{"token":"\#(text)","cost":\#(cost)}"#)
                let forwarded = try await api.forward(text)
                #expect(forwarded.status == 200 && forwarded[Self.field] == threshold, "\(cost)")
                let own = try await api.server.call("GET", "/api/v1/agents", token: text)
                #expect(own.status == 200 && own[Self.field] == threshold, "\(cost)")
                let look = try await api.verify(#"{"token":"\#(text)","cost":0}"#)
                #expect(look.json["quota_warning"]?.integerValue == threshold.flatMap { Int64($0) }, "\(cost)")
                #expect(verified.json["valid"]?.boolValue == true)
            }
        }
    }

    @Test("LIM-3, LIM-2: a call that the used-up quota refuses carries the warning of 100 %")
    func refused() async throws {
        try await VerifiedAPI.run { api in
            try await api.setPlan(#"{"monthly_quota":1}"#)
            let text = try await api.token("one").token.revealed()
            #expect(try await api.forward(text)[Self.field] == "100")
            let forwarded = try await api.forward(text)
            #expect(forwarded.status == 429 && forwarded[Self.field] == "100")
            let own = try await api.server.call("GET", "/api/v1/agents", token: text)
            #expect(own.status == 429 && own.code == "QuotaExhausted" && own[Self.field] == "100")
            let verified = try await api.verify(#"{"token":"\#(text)"}"#)
            #expect(verified.json["code"]?.stringValue == "QuotaExhausted")
            #expect(verified.json["quota_warning"]?.integerValue == 100)
        }
    }
}
