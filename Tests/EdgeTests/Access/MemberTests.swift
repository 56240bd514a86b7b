import StrictJSON
import Testing

@Suite("Members of an organization")
struct MemberTests {
    @Test("ORG-6: whoever loses a role loses its rights at the next request, tokens and all")
    func demotion() async throws {
        try await EdgeServer.run { server in
            let ada = try await server.owner()
            let eve = try await server.member("eve@example.org", "admin", by: ada)
            #expect(try await server.call("GET", "/api/v1/members", token: eve.token).status == 200)
            let changed = try await server.patch(eve.memberID, #"{"role":"auditor"}"#, by: ada)
            #expect(changed.status == 200, "\(changed.text)")
            #expect(changed.json["role"] == "auditor")
            #expect(try await server.call("GET", "/api/v1/members", token: eve.token).code == "PermissionDenied")
            #expect(try await server.call("GET", "/api/v1/audit/events", token: eve.token).status == 200)
        }
    }

    @Test("ORG-4: who is paused may do nothing until resumed; who is removed comes back by invitation only")
    func lifecycle() async throws {
        try await EdgeServer.run { server in
            let ada = try await server.owner()
            let eve = try await server.member("eve@example.org", "admin", by: ada)
            let path = "/api/v1/members/\(eve.memberID)"
            for _ in 1...2 {
                let paused = try await server.call("POST", path + "/pause", token: ada, body: #"{"reason":"away"}"#)
                #expect(paused.json["status"] == "paused", "\(paused.text)")
            }
            #expect(try await server.call("GET", "/api/v1/me", token: eve.token).code == "MembershipInactive")
            #expect(try await server.events("member.pause", by: ada).count == 1)
            #expect(try await server.call("POST", path + "/resume", token: ada).status == 200)
            #expect(try await server.call("GET", "/api/v1/me", token: eve.token).status == 200)
            #expect(try await server.call("DELETE", path, token: ada).status == 204)
            #expect(try await server.call("GET", "/api/v1/me", token: eve.token).code == "MembershipInactive")
            for action in ["/pause", "/resume"] {
                #expect(try await server.call("POST", path + action, token: ada).code == "IllegalTransition")
            }
            #expect(try await server.patch(eve.memberID, #"{"role":"owner"}"#, by: ada).code == "IllegalTransition")
            let (secret, id) = try await server.invite("eve@example.org", "auditor", by: ada)
            #expect(id == eve.memberID)
            // Whoever has an account shows its password; a link alone opens nothing.
            let body = { (password: String) in #"{"secret":"\#(secret)","name":"E","password":"\#(password)"}"# }
            let stolen = try await server.call(
                "POST",
                "/api/v1/invitations/accept",
                body: body("another long password")
            )
            #expect(stolen.code == "InvalidCredentials")
            let back = try await server.call(
                "POST",
                "/api/v1/invitations/accept",
                body: body(EdgeServer.newPassword)
            )
            #expect(back.status == 201, "\(back.text)")
        }
    }

    @Test("ORG-4: nobody but the invited person makes an invitation active")
    func invited() async throws {
        try await EdgeServer.run { server in
            let ada = try await server.owner()
            let (secret, id) = try await server.invite("eve@example.org", "admin", by: ada)
            let path = "/api/v1/members/\(id)"
            for action in ["/resume", "/pause"] {
                #expect(try await server.call("POST", path + action, token: ada).code == "IllegalTransition")
            }
            // What is in an account that was only invited stays unknown.
            #expect(try await server.call("GET", path, token: ada).json["user"] == .null)
            #expect(try await server.call("DELETE", path, token: ada).status == 204)
            let late = try await server.call(
                "POST",
                "/api/v1/invitations/accept",
                body: #"{"secret":"\#(secret)","name":"E","password":"\#(EdgeServer.newPassword)"}"#
            )
            #expect(late.code == "InvalidToken")
        }
    }

    @Test("ORG-10: the last active owner can't be removed, paused, demoted, denied or shut out, by anybody")
    func lastOwner() async throws {
        try await EdgeServer.run { server in
            let ada = try await server.owner()
            let id = try await server.memberID(of: EdgeServer.email, by: ada)
            let role = try await server.role("Less", ["agents:read"], by: ada)
            let workspace = try await server.workspace(of: ada)
            let place = "/api/v1/workspaces/\(workspace)/members"
            let added = try await server.call(
                "POST",
                place,
                token: ada,
                body: #"{"member_id":"\#(id)","role":"manager"}"#
            )
            #expect(added.status == 201, "\(added.text)")
            func attempts(_ expected: String?) async throws {
                let answers = [
                    try await server.patch(id, #"{"role":"admin"}"#, by: ada),
                    try await server.patch(id, #"{"deny":["agents:read"]}"#, by: ada),
                    try await server.patch(id, #"{"custom_role_id":"\#(role)"}"#, by: ada),
                    try await server.call("POST", "/api/v1/members/\(id)/pause", token: ada),
                    try await server.call("DELETE", "/api/v1/members/\(id)", token: ada),
                    try await server.call("PATCH", place + "/\(id)", token: ada, body: #"{"status":"paused"}"#),
                    try await server.call("PATCH", place + "/\(id)", token: ada, body: #"{"deny":["keys:read"]}"#),
                    try await server.call("DELETE", place + "/\(id)", token: ada),
                ]
                #expect(answers.allSatisfy { $0.code == expected }, "\(answers.map(\.text))")
            }
            try await attempts("LastOwner")
            // An invited owner is none yet, and a paused one none any more.
            let (secret, second) = try await server.invite("bob@example.org", "owner", by: ada)
            try await attempts("LastOwner")
            let bob = try await server.accept(secret)
            #expect(try await server.call("POST", "/api/v1/members/\(second)/pause", token: ada).status == 200)
            try await attempts("LastOwner")
            #expect(try await server.call("POST", "/api/v1/members/\(second)/resume", token: ada).status == 200)
            #expect(try await server.patch(id, #"{"role":"admin"}"#, by: bob).status == 200)
            #expect(try await server.call("DELETE", "/api/v1/members/\(second)", token: bob).code == "LastOwner")
        }
    }

    @Test("ORG-5, ORG-7: nobody gives more than they have, nor takes from somebody who has more; it is a violation")
    func rank() async throws {
        try await EdgeServer.run { server in
            let ada = try await server.owner()
            let clerk = try await server.role("Clerk", ["org:manage", "agents:read", "audit:read"], by: ada)
            let clara = try await server.member("clara@example.org", by: ada)
            let made = try await server.patch(clara.memberID, #"{"custom_role_id":"\#(clerk)"}"#, by: ada)
            #expect(made.status == 200, "\(made.text)")
            let eve = try await server.member("eve@example.org", by: ada)
            let adam = try await server.member("adam@example.org", "admin", by: ada)
            let grant = { (list: String) in #"{"grant":[\#(list)]}"# }
            let refused = [
                try await server.patch(eve.memberID, #"{"role":"admin"}"#, by: clara.token),
                try await server.patch(eve.memberID, grant(#""agents:rotate""#), by: clara.token),
                try await server.patch(clara.memberID, #"{"role":"owner","custom_role_id":null}"#, by: clara.token),
                try await server.patch(adam.memberID, #"{"role":"member"}"#, by: clara.token),
                try await server.call("POST", "/api/v1/members/\(adam.memberID)/pause", token: clara.token),
                try await server.call("DELETE", "/api/v1/members/\(adam.memberID)", token: clara.token),
                try await server.call(
                    "PATCH",
                    "/api/v1/roles/\(clerk)",
                    token: clara.token,
                    body: #"{"permissions":["org:manage","agents:rotate"]}"#
                ),
                try await server.call(
                    "POST",
                    "/api/v1/roles",
                    token: clara.token,
                    body: #"{"name":"Big","permissions":["keys:write"]}"#
                ),
                try await server.call(
                    "POST",
                    "/api/v1/invitations",
                    token: clara.token,
                    body: #"{"email":"x@example.org","role":"admin"}"#
                ),
                // An admin has all permissions of an owner, and still makes none.
                try await server.patch(eve.memberID, #"{"role":"owner"}"#, by: adam.token),
                try await server.patch(adam.memberID, #"{"role":"owner"}"#, by: adam.token),
                try await server.call(
                    "POST",
                    "/api/v1/invitations",
                    token: adam.token,
                    body: #"{"email":"x@example.org","role":"owner"}"#
                ),
            ]
            #expect(refused.allSatisfy { $0.code == "PermissionExceedsOwner" }, "\(refused.map(\.text))")
            let events = try await server.call(
                "GET",
                "/api/v1/audit/events?limit=200&outcome=denied",
                token: ada
            )
            let reasons = events.json["data"]?.arrayValue?.compactMap { $0["reason"]?.stringValue } ?? []
            #expect(reasons.filter { $0.hasPrefix("policy violation") }.count == refused.count)
            // What they have, they may give.
            #expect(try await server.patch(eve.memberID, grant(#""agents:read""#), by: clara.token).status == 200)
        }
    }

    @Test("ORG-11: no role, grant or invitation of an organization gives a permission of the server")
    func serverPermissions() async throws {
        try await EdgeServer.run { server in
            let ada = try await server.owner()
            let (_, bob) = try await server.organization("Other", owner: "bob@example.org", by: ada)
            let eve = try await server.member("eve@example.org", by: bob.token)
            for token in [ada, bob.token] {
                let role = try await server.call(
                    "POST",
                    "/api/v1/roles",
                    token: token,
                    body: #"{"name":"Root","permissions":["server:plans"]}"#
                )
                #expect(role.status == 422, "\(role.text)")
            }
            let granted = try await server.patch(eve.memberID, #"{"grant":["server:settings"]}"#, by: bob.token)
            #expect(granted.status == 422)
            // The owner of an organization is none of the server.
            for (method, path, body) in [
                ("GET", "/api/v1/plans", nil), ("GET", "/api/v1/organizations", nil),
                ("POST", "/api/v1/plans", #"{"name":"x"}"#),
                ("POST", "/api/v1/organizations", #"{"name":"x","owner_email":"x@example.org"}"#),
                ("PATCH", "/api/v1/plans/pln_0000000000e008000000000001", #"{"burst":1}"#),
                ("PATCH", "/api/v1/settings", #"{"rotation_rate_per_second":1}"#),
            ] as [(String, String, String?)] {
                let answer = try await server.call(method, path, token: bob.token, body: body)
                #expect(answer.code == "PermissionDenied", "\(method) \(path): \(answer.text)")
            }
        }
    }

    @Test(
        "ORG-5: bad roles, permissions and lists are refused by name",
        arguments: [
            (#"{"role":"king"}"#, "/role"), (#"{"grant":["agents:fly"]}"#, "/grant/0"),
            (#"{"grant":["agents:read","agents:read"]}"#, "/grant/1"), (#"{"deny":[""]}"#, "/deny/0"),
            (#"{"custom_role_id":"rol_00000000000000000000000001"}"#, "/custom_role_id"),
            (#"{"custom_role_id":"x"}"#, "/custom_role_id"), (#"{"owner":true}"#, "/owner"),
            (#"{"role":"admin","role":"owner"}"#, ""), (#"{"role":null,"grant":"all"}"#, "/grant"),
        ]
    )
    func badPatches(body: String, path: String) async throws {
        try await EdgeServer.run { server in
            let ada = try await server.owner()
            let eve = try await server.member("eve@example.org", by: ada)
            let answer = try await server.patch(eve.memberID, body, by: ada)
            #expect([400, 422].contains(answer.status), "\(answer.text)")
            guard !path.isEmpty else { return }
            #expect(answer.json["errors"]?.arrayValue?.first?["path"]?.stringValue == path, "\(answer.text)")
        }
    }
}
