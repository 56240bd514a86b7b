import Foundation
import Testing

@Suite("People and places on the command line")
struct PeopleTests {
    @Test("ORG-1, ORG-4, ORG-5, CLI-1: an owner invites, a person accepts, is explained, changed, paused and removed")
    func people() async throws {
        try await Workbench.run { bench in
            let server = try await Server.start(on: bench)
            _ = try await server.owner()
            let ada = try Desk(bench, server, "ada")
            try await ada.signIn(Operator.email, Operator.password)
            _ = try await ada.run(["workspace", "create", "Second"])
            _ = try await ada.run(["role", "create", "Night shift", "--permission", "agents:read"])
            let link = try await ada.run(
                ["invitation", "create", "eve@example.org", "--workspace", "Second=developer"]
            )
            let secret = String(link.split(separator: "#").last ?? "").trimmingCharacters(in: .whitespacesAndNewlines)
            #expect(secret.hasPrefix("clv_iv_"))
            let eve = try Desk(bench, server, "eve")
            let accept = ["invitation", "accept", "--name", "Eve", "--password-file", "-", "--server", server.url]
            let secretFile = try eve.file("invitation", secret)
            _ = try await eve.run(accept + ["--secret-file", secretFile], input: "staple horse battery\n")
            #expect(try await eve.json(["whoami"])["workspace"]["name"].text == "Second")
            let denied = try await ada.json(["member", "update", "eve@example.org", "--deny", "agents:rotate"])
            #expect(denied["deny"].items.first?.text == "agents:rotate")
            let table = try await ada.run(["member", "permissions", "eve@example.org", "--workspace", "Second"])
            #expect(table.contains("organization_override"))
            _ = try await ada.run(["member", "update", "eve@example.org", "--custom-role", "Night shift"])
            _ = try await ada.run(["member", "pause", "eve@example.org", "--reason", "away"])
            #expect(try await eve.status(["agent", "list"]) != .code(0))
            _ = try await ada.run(["member", "resume", "eve@example.org"])
            _ = try await eve.run(["agent", "list"])
            #expect(try await ada.status(["member", "remove", "eve@example.org"]) != .code(0))
            _ = try await ada.run(["member", "remove", "eve@example.org", "--confirm"])
            #expect(try await eve.status(["agent", "list"]) != .code(0))
            _ = try await ada.run(["logout"])
            try await ada.signIn(Operator.email, Operator.password)
            #expect(try await ada.json(["audit", "list"])["data"].items.count > 8)
        }
    }

    @Test("ORG-1, ORG-11, CLI-1: a second organization is made, given a plan, joined and acted in")
    func organizations() async throws {
        try await Workbench.run { bench in
            let server = try await Server.start(on: bench)
            _ = try await server.owner()
            let ada = try Desk(bench, server, "ada")
            try await ada.signIn(Operator.email, Operator.password)
            let link = try await ada.run(["org", "create", "Acme", "--owner", Operator.email])
            let secret = String(link.split(separator: "#").last ?? "").trimmingCharacters(in: .whitespacesAndNewlines)
            _ = try await ada.run(["plan", "create", "gold", "--burst", "50"])
            let planned = try await ada.json(["org", "plan", "Acme", "gold"])
            #expect(planned["plan"]["burst"].int == 50)
            #expect(try await ada.status(["plan", "delete", "gold", "--confirm"]) != .code(0))
            _ = try await ada.run(["org", "join", "--secret-file", "-"], input: secret + "\n")
            _ = try await ada.run(["agent", "create", "here"])
            _ = try await ada.run(["org", "use", "Acme"])
            #expect(try await ada.json(["whoami"])["organization"]["name"].text == "Acme")
            #expect(try await ada.json(["agent", "list"])["data"].items.isEmpty)
            _ = try await ada.run(["workspace", "use", "Default"])
            _ = try await ada.run(["org", "use"])
            #expect(try await ada.json(["agent", "list"])["data"].items.count == 1)
        }
    }
}

/// Somebody at a shell with a home of their own.
private struct Desk {
    let bench: Workbench
    let server: Server
    private let home: String
    private var environment: [String: String] { ["HOME": home, "XDG_CONFIG_HOME": "", "CLAVIGER_SERVER": server.url] }

    init(_ bench: Workbench, _ server: Server, _ name: String) throws {
        self.bench = bench
        self.server = server
        home = bench.folder + "/home-" + name
        try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
    }

    func file(_ name: String, _ text: String) throws -> String {
        let path = home + "/" + name
        let isMade = FileManager.default.createFile(
            atPath: path,
            contents: Data(text.utf8),
            attributes: [.posixPermissions: 0o600]
        )
        guard isMade else { throw Failure("\(path) can't be written") }
        return path
    }

    func signIn(_ email: String, _ password: String) async throws {
        _ = try await run(["login", "--email", email, "--password-file", "-"], input: password + "\n")
    }

    /// What a command that succeeds writes to standard output.
    func run(_ words: [String], input: String = "") async throws -> String {
        let done = try await bench.finish(Workbench.claviger, words, environment: environment, input: input)
        guard done.ending == .code(0) else { throw Failure("\(words): \(done.ending) \(done.errors)") }
        return done.output
    }

    func json(_ words: [String]) async throws -> JSON { JSON(Data(try await run(words + ["-o", "json"]).utf8)) }

    func status(_ words: [String]) async throws -> Ending {
        try await bench.finish(Workbench.claviger, words, environment: environment).ending
    }
}
