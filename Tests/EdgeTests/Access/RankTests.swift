import StrictJSON
import Testing

@Suite("Who reaches whom")
struct RankTests {
    @Test("ORG-5, ORG-7: whoever is denied a permission lifts the denial of nobody, their own the least")
    func denials() async throws {
        try await EdgeServer.run { server in
            let ada = try await server.owner()
            let eve = try await server.member("eve@example.org", by: ada)
            let set = #"{"grant":["org:manage"],"deny":["agents:rotate"]}"#
            #expect(try await server.patch(eve.memberID, set, by: ada).status == 200)
            let lifted = try await server.patch(eve.memberID, #"{"deny":[]}"#, by: eve.token)
            #expect(lifted.code == "PermissionExceedsOwner", "\(lifted.text)")
            #expect(try await server.patch(eve.memberID, #"{"deny":[]}"#, by: ada).status == 200)
            // The same in a workspace, where the organization's role would give it back.
            let adam = try await server.member("adam@example.org", "admin", by: ada)
            let place = "/api/v1/workspaces/\(try await server.workspace(of: ada))/members"
            let added = try await server.call(
                "POST",
                place,
                token: ada,
                body: #"{"member_id":"\#(adam.memberID)","role":"viewer","deny":["agents:pause"]}"#
            )
            #expect(added.status == 201, "\(added.text)")
            for body in [#"{"deny":[]}"#, #"{"deny":["keys:read"]}"#] {
                let own = try await server.call("PATCH", "\(place)/\(adam.memberID)", token: adam.token, body: body)
                #expect(own.code == "PermissionExceedsOwner", "\(own.text)")
            }
            let mine = try await server.call("GET", "/api/v1/me", token: adam.token)
            #expect(!mine.text.contains("agents:pause"))
        }
    }

    @Test("ORG-5, ORG-7: who manages the organization alone doesn't reach somebody who has more in a workspace")
    func workspaceRights() async throws {
        try await EdgeServer.run { server in
            let ada = try await server.owner()
            let clerk = try await server.role("Clerk", ["org:manage", "agents:read"], by: ada)
            let clara = try await server.member("clara@example.org", by: ada)
            #expect(try await server.patch(clara.memberID, #"{"custom_role_id":"\#(clerk)"}"#, by: ada).status == 200)
            let workspace = try await server.workspace(of: ada)
            let mona = try await server.member("mona@example.org", in: [(workspace, "manager")], by: ada)
            let path = "/api/v1/members/\(mona.memberID)"
            #expect(try await server.call("POST", path + "/pause", token: clara.token).code == "PermissionExceedsOwner")
            #expect(try await server.call("DELETE", path, token: clara.token).code == "PermissionExceedsOwner")
            #expect(try await server.call("GET", "/api/v1/me", token: mona.token).status == 200)
            #expect(try await server.call("DELETE", path, token: ada).status == 204)
        }
    }

    @Test("ORG-5: what acts on the whole organization isn't given in a workspace by somebody who has it only there")
    func wholeOrganization() async throws {
        try await EdgeServer.run { server in
            let ada = try await server.owner()
            let workspace = try await server.workspace(of: ada)
            let place = "/api/v1/workspaces/\(workspace)/members"
            let auditor = try await server.role("Auditing", ["audit:read"], by: ada)
            let dan = try await server.member("dan@example.org", in: [(workspace, "manager")], by: ada)
            let eve = try await server.member("eve@example.org", in: [(workspace, "viewer")], by: ada)
            let grant = #"{"grant":["audit:read"]}"#
            let given = try await server.call("PATCH", "\(place)/\(dan.memberID)", token: ada, body: grant)
            #expect(given.status == 200, "\(given.text)")
            let custom = #"{"custom_role_id":"\#(auditor)"}"#
            let account = #"{"name":"robot","role":"viewer","custom_role_id":"\#(auditor)"}"#
            let refused = [
                try await server.call("PATCH", "\(place)/\(eve.memberID)", token: dan.token, body: grant),
                try await server.call("PATCH", "\(place)/\(eve.memberID)", token: dan.token, body: custom),
                try await server.call("POST", "/api/v1/service-accounts", token: dan.token, body: account),
            ]
            #expect(refused.allSatisfy { $0.code == "PermissionExceedsOwner" }, "\(refused.map(\.text))")
            #expect(
                try await server.call("PATCH", "\(place)/\(eve.memberID)", token: ada, body: custom).status == 200
            )
            #expect(try await server.call("POST", "/api/v1/service-accounts", token: ada, body: account).status == 201)
        }
    }

    @Test("ORG-5: a custom role is deleted once the service accounts that had it are")
    func roleOfDeletedAccount() async throws {
        try await EdgeServer.run { server in
            let ada = try await server.owner()
            let role = try await server.role("Robots", ["agents:read"], by: ada)
            let made = try await server.call(
                "POST",
                "/api/v1/service-accounts",
                token: ada,
                body: #"{"name":"robot","role":"viewer","custom_role_id":"\#(role)"}"#
            )
            let account = try #require(made.json["id"]?.stringValue, "\(made.text)")
            let path = "/api/v1/roles/\(role)"
            #expect(try await server.call("DELETE", path, token: ada).code == "IllegalTransition")
            let deleted = try await server.call("DELETE", "/api/v1/service-accounts/\(account)", token: ada)
            #expect(deleted.status == 204, "\(deleted.text)")
            let gone = try await server.call("DELETE", path, token: ada)
            #expect(gone.status == 204, "\(gone.text)")
        }
    }
}
