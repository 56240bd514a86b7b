import StrictJSON
import Testing

@Suite("The explanation of permissions, and policy")
struct PermissionRouteTests {
    private static func line(_ name: String, in answer: Answer) -> JSONValue? {
        answer.json["permissions"]?.arrayValue?.first { $0["permission"]?.stringValue == name }
    }

    @Test("ORG-8: each permission of a member says from where it comes and what withheld it; a conflict is logged")
    func member() async throws {
        try await EdgeServer.run { server in
            let ada = try await server.owner()
            let workspace = try await server.workspace(of: ada)
            let eve = try await server.member("eve@example.org", in: [(workspace, "developer")], by: ada)
            #expect(try await server.events("access.conflict", by: ada).isEmpty)
            let body = #"{"grant":["keys:write"],"deny":["agents:rotate"]}"#
            #expect(try await server.patch(eve.memberID, body, by: ada).status == 200)
            let view = try await server.call("GET", "/api/v1/members/\(eve.memberID)/permissions", token: ada)
            let rotate = try #require(Self.line("agents:rotate", in: view), "\(view.text)")
            #expect(rotate["held"] == "none")
            #expect(rotate["sources"]?.arrayValue?.first?["role"] == "developer")
            #expect(rotate["withheld_by"]?.arrayValue == ["organization_override"])
            #expect(
                Self.line("keys:write", in: view)?["sources"]?.arrayValue?.first?["kind"] == "organization_override"
            )
            #expect(Self.line("agents:pause", in: view)?["held"] == "whole")
            #expect(Self.line("org:manage", in: view) == nil)
            #expect(view.json["conflicts"]?.arrayValue?.first?["kind"] == "withheld_by_override")
            let logged = try await server.events("access.conflict", by: ada)
            #expect(logged.count == 1)
            #expect(logged.first?["reason"]?.stringValue?.hasPrefix("policy violation") == true)
            let mine = try await server.call("GET", "/api/v1/me/permissions", token: eve.token)
            #expect(Self.line("agents:rotate", in: mine)?["held"] == "none")
            #expect(
                try await server.call("GET", "/api/v1/members/\(eve.memberID)/permissions", token: eve.token).status
                    == 403
            )
        }
    }

    @Test("ORG-9: a policy is written whole, and refused where it says nothing that can be kept")
    func policy() async throws {
        try await EdgeServer.run { server in
            let ada = try await server.owner()
            let path = "/api/v1/policy"
            let none = try await server.call("GET", path, token: ada)
            #expect(none.json["version"] == 0, "\(none.text)")
            let body = """
                {"maximum_lifetime_days":{"personal":90},"expiry_required":["service"],
                "allowed_scopes":{"developer":["agents:read"]},"service_tokens_need_addresses":true,
                "maximum_tokens_per_owner":5,"rotation_interval_days":{"service":30},"version":0}
                """
            let written = try await server.call("PUT", path, token: ada, body: body)
            #expect(written.json["version"] == 1, "\(written.text)")
            #expect(written.json["allowed_scopes"]?["developer"]?.arrayValue == ["agents:read"])
            #expect(try await server.call("PUT", path, token: ada, body: body).code == "VersionConflict")
            let read = try await server.call("GET", path, token: ada)
            #expect(read.withoutRequestID == written.withoutRequestID)
            for (bad, field) in [
                (#"{"maximum_lifetime_days":{"personal":0}}"#, "/maximum_lifetime_days/personal"),
                (#"{"maximum_lifetime_days":{"personal":3651}}"#, "/maximum_lifetime_days/personal"),
                (#"{"maximum_lifetime_days":{"cats":1}}"#, "/maximum_lifetime_days/cats"),
                (#"{"maximum_lifetime_days":{"agent":7}}"#, "/maximum_lifetime_days/agent"),
                (#"{"expiry_required":["service","service"]}"#, "/expiry_required/1"),
                (#"{"allowed_scopes":{"king":["agents:read"]}}"#, "/allowed_scopes/king"),
                (#"{"allowed_scopes":{"owner":[]}}"#, "/allowed_scopes/owner"),
                (#"{"allowed_scopes":{"owner":["agents:fly"]}}"#, "/allowed_scopes/owner/0"),
                (#"{"maximum_tokens_per_owner":-1}"#, "/maximum_tokens_per_owner"),
                (#"{"maximum_tokens_per_owner":10001}"#, "/maximum_tokens_per_owner"),
                (#"{"nonsense":1}"#, "/nonsense"),
            ] {
                let answer = try await server.call("PUT", path, token: ada, body: bad)
                #expect(answer.status == 422, "\(bad): \(answer.text)")
                #expect(answer.json["errors"]?.arrayValue?.first?["path"]?.stringValue == field, "\(answer.text)")
            }
            for days in [1, 3650] {
                let good = #"{"maximum_lifetime_days":{"personal":\#(days)},"maximum_tokens_per_owner":0}"#
                #expect(try await server.call("PUT", path, token: ada, body: good).status == 200)
            }
        }
    }
}
