import Foundation
import Testing

@Suite("Tokens of people and programs")
struct TokenTests {
    @Test("CLI-1, TOK-1, ROT-13: a token is made on the command line, used with curl, rotated and revoked")
    func commandLine() async throws {
        try await Workbench.run { bench in
            let server = try await Server.start(on: bench)
            let owner = try await server.owner()
            let shell = try await Shell(bench, server)
            _ = try await owner.createAgent("alpha")

            let made = try await shell.run(
                "token",
                "create",
                "ci",
                "--scope",
                "agents:read",
                "--days",
                "30",
                "--address",
                "127.0.0.0/8"
            )
            let first = made.output.trimmingCharacters(in: .whitespacesAndNewlines)
            #expect(first.hasPrefix("clv_pt_") && !first.contains("\n"), "the text alone is on standard output")
            #expect(!made.errors.contains(first))
            #expect(try await curl(bench, server, first, "/api/v1/agents") == "200")
            #expect(try await curl(bench, server, first, "/api/v1/settings") == "403")
            #expect(try await curl(bench, server, first, "/api/v1/audit/events") == "403")

            let rotated = try await shell.run("token", "rotate", "ci", "--reason", "monthly")
            let second = rotated.output.trimmingCharacters(in: .whitespacesAndNewlines)
            #expect(try await curl(bench, server, first, "/api/v1/agents") == "401")
            #expect(try await curl(bench, server, second, "/api/v1/agents") == "200")
            let listed = try await shell.run("token", "list", "--text", "CI", "-o", "json")
            #expect(JSON(Data(listed.output.utf8))["data"].items.first?["generation"].int == 2)
            let inspected = try await shell.run("token", "inspect", "ci")
            #expect(inspected.output.contains("agents:read") && !inspected.output.contains(second))

            let verified = try await shell.run(
                "token",
                "verify",
                "--token-file",
                "-",
                "--scope",
                "agents:read",
                "--client-address",
                "127.0.0.1",
                "-o",
                "json",
                input: second + "\n"
            )
            #expect(JSON(Data(verified.output.utf8))["valid"] == .bool(true))
            await #expect(throws: Failure.self) {
                try await shell.run("token", "verify", "--token-file", "-", input: first + "\n")
            }

            let dry = try await shell.run("token", "bulk", "revoke", "--dry-run")
            #expect(dry.output.contains("changed"))
            #expect(try await curl(bench, server, second, "/api/v1/agents") == "200")
            _ = try await shell.run("token", "revoke", "ci", "--confirm")
            #expect(try await curl(bench, server, second, "/api/v1/agents") == "401")
        }
    }

    @Test(
        "CLI-1, LIM-1, ORG-8: a token's limits are set and explained on the command line, and an agent is written anew"
    )
    func limitsAndPermissions() async throws {
        try await Workbench.run { bench in
            let server = try await Server.start(on: bench)
            _ = try await server.owner().createAgent("alpha")
            let shell = try await Shell(bench, server)
            _ = try await shell.run("token", "create", "ci", "--scope", "agents:read", "--days", "30")
            _ = try await shell.run("token", "update", "ci", "--per-minute", "30", "--per-day", "500")
            _ = try await shell.run("token", "update", "ci", "--per-minute", "none")
            #expect(try await shell.run("token", "inspect", "ci").output.contains("500 per day"))
            #expect(try await !shell.run("token", "inspect", "ci").output.contains("30 per minute"))
            let explained = try await shell.run("token", "permissions", "ci").output
            #expect(explained.contains("agents:read") && explained.contains("owner"))
            #expect(try await shell.run("whoami", "--permissions").output.contains("org:manage"))
            _ = try await shell.run(
                "agent",
                "replace",
                "alpha",
                "--name",
                "Alpha 2",
                "--slug",
                "alpha",
                "--description",
                "renewed"
            )
            #expect(try await shell.run("agent", "inspect", "alpha").output.contains("renewed"))
        }
    }

    @Test("CLI-1, TOK-9, ORG-6: an account gets a token from a template, which stops with the account")
    func accounts() async throws {
        try await Workbench.run { bench in
            let server = try await Server.start(on: bench)
            _ = try await server.owner()
            let shell = try await Shell(bench, server)
            _ = try await shell.run("service-account", "create", "robot", "--role", "developer")
            let made = try await shell.run(
                "token",
                "create",
                "watch",
                "--service-account",
                "robot",
                "--template",
                "monitoring"
            )
            let text = made.output.trimmingCharacters(in: .whitespacesAndNewlines)
            #expect(text.hasPrefix("clv_sa_"))
            #expect(try await curl(bench, server, text, "/api/v1/agents") == "200")
            _ = try await shell.run("service-account", "pause", "robot")
            #expect(try await curl(bench, server, text, "/api/v1/agents") == "401")
            _ = try await shell.run("service-account", "resume", "robot")
            #expect(try await curl(bench, server, text, "/api/v1/agents") == "200")
            _ = try await shell.run("service-account", "delete", "robot", "--confirm")
            #expect(try await curl(bench, server, text, "/api/v1/agents") == "401")

            _ = try await shell.run("scope", "create", "invoices:read", "--sensitive")
            #expect(try await shell.run("scope", "list").output.contains("invoices:read"))
            _ = try await shell.run("api", "create", "Billing", "--audience", "billing", "--scope", "invoices:read")
            _ = try await shell.run("api", "update", "Billing", "--any-audience")
            #expect(try await shell.run("api", "list").output.contains("Billing"))
            _ = try await shell.run("api", "delete", "Billing", "--confirm")
            _ = try await shell.run("scope", "delete", "invoices:read", "--confirm")
        }
    }

    /// The status that curl gets; the token comes to it in a file, never as an argument.
    private func curl(_ bench: Workbench, _ server: Server, _ token: String, _ path: String) async throws -> String {
        let file = bench.folder + "/curl"
        try "header = \"Authorization: Bearer \(token)\"\n".write(toFile: file, atomically: true, encoding: .utf8)
        let program = try await bench.finish(
            "curl",
            ["-s", "-o", bench.folder + "/answer", "-w", "%{http_code}", "-K", file, server.url + path]
        )
        guard program.ending == .code(0) else { throw Failure(program.errors) }
        return program.output
    }
}
