import Foundation
import Testing

@Suite("Machine identities on the command line")
struct IdentityTests {
    @Test("CLI-2, CLI-3: without --confirm nothing is touched; a dry run prints the plan; then it is done")
    func throughServer() async throws {
        try await Workbench.run { bench in
            let server = try await Server.start(on: bench)
            let owner = try await server.owner()
            let shell = try await Shell(bench, server)
            let create = [
                "identity", "create", "robot", "--role", "viewer", "--scope", "agents:read", "--days", "30",
            ]
            let refused = try await shell.attempt(create + ["--server", "http://127.0.0.1:1"])
            #expect(refused.ending == .code(2) && refused.errors.contains("--confirm"), "\(refused.errors)")
            let dry = try await shell.run(create + ["--dry-run", "--confirm"])
            #expect(dry.output.contains("Create the service account “robot”") && !dry.output.contains("clv_"))
            #expect(try await shell.run(["identity", "list"]).output.contains("robot") == false)

            let made = try await shell.run(create + ["--confirm", "--admin-user-email", Operator.email])
            let text = made.output.trimmingCharacters(in: .whitespacesAndNewlines)
            #expect(text.hasPrefix("clv_sa_") && !text.contains("\n") && !made.errors.contains(text))
            let other = try await shell.attempt(["identity", "list", "--admin-user-email", "eve@example.org"])
            #expect(other.ending == .code(2) && other.errors.contains("sign in as them"))
            #expect(try await API(url: server.url, token: text).get("/api/v1/agents").status == 200)

            let inspected = try await shell.run(["identity", "inspect", "robot"]).output
            #expect(
                inspected.contains("agents:read") && inspected.contains("token.create") && !inspected.contains(text)
            )
            let rotated = try await shell.run(["identity", "rotate", "robot", "--grace", "0", "--confirm"])
            let second = rotated.output.trimmingCharacters(in: .whitespacesAndNewlines)
            #expect(try await API(url: server.url, token: text).get("/api/v1/agents").status == 401)
            _ = try await shell.run(["identity", "pause", "robot", "--confirm"])
            #expect(try await API(url: server.url, token: second).get("/api/v1/agents").status == 401)
            _ = try await shell.run(["identity", "resume", "robot", "--confirm"])
            #expect(try await API(url: server.url, token: second).get("/api/v1/agents").status == 200)
            _ = try await shell.run(["identity", "revoke", "robot", "--confirm", "--reason", "end of life"])
            #expect(try await API(url: server.url, token: second).get("/api/v1/agents").status == 401)
            let agent = try await shell.run(["identity", "create", "beta", "--kind", "agent", "--confirm"]).output
            #expect(agent.hasPrefix("clv_"))
            _ = try await owner.api.get("/api/v1/agents").expecting(200)
        }
    }

    @Test("CLI-2: straight against the database, with the master key, as an active administrator, while it serves")
    func onHost() async throws {
        try await Workbench.run { bench in
            let server = try await Server.start(on: bench)
            let owner = try await server.owner()
            let shell = try await Shell(bench, server)
            let place = ["--database", server.databaseSetting] + ["--admin-user-email", Operator.email]
            let create = [
                "identity", "create", "robot", "--role", "viewer", "--scope", "agents:read", "--days", "30",
            ]
            let dry = try await shell.run(create + place + ["--dry-run"], onHost: true)
            #expect(dry.output.contains("robot") && !dry.output.contains("clv_"))
            let made = try await shell.run(create + place + ["--confirm"], onHost: true)
            let text = made.output.trimmingCharacters(in: .whitespacesAndNewlines)
            #expect(text.hasPrefix("clv_sa_"), "\(made.errors)")
            try await eventually("the server takes the new token", within: .seconds(5)) {
                try await API(url: server.url, token: text).get("/api/v1/agents").status == 200
            }
            let events = try await owner.api.get("/api/v1/audit/events?limit=200").expecting(200)["data"].items
            let event = try #require(events.first { $0["action"].text == "service_account.create" })
            #expect(event["mode"].text == "setup" && event["surface"].text == "host")
            #expect(event["actor"]["name"].text == Operator.email)
            #expect(event["user_agent"].text?.hasPrefix("host user ") == true)
            _ = try await shell.run(["identity", "revoke", "robot", "--confirm"] + place, onHost: true)
            try await eventually("the server refuses the revoked token", within: .seconds(5)) {
                try await API(url: server.url, token: text).get("/api/v1/agents").status == 401
            }

            let stranger = ["--database", server.databaseSetting, "--admin-user-email", "eve@example.org"]
            let unknown = try await shell.attempt(["identity", "list"] + stranger, onHost: true)
            #expect(unknown.ending == .code(5), "\(unknown.errors)")
            let unnamed = try await shell.attempt(
                ["identity", "list", "--database", server.databaseSetting],
                onHost: true
            )
            #expect(unnamed.ending == .code(2) && unnamed.errors.contains("--admin-user-email"))
            let nowhere = ["identity", "list", "--database", "sqlite:/nowhere/none.sqlite"]
            let missing = try await shell.attempt(nowhere + ["--admin-user-email", Operator.email], onHost: true)
            #expect(missing.ending == .code(10), "\(missing.errors)")
        }
    }
}
