import Foundation
import Testing

@Suite("A database that goes away")
struct DatabaseAwayTests {
    @Test(
        "DST-4, OPS-4: without its database a node stays up, refuses with Retry-After, says why, and recovers by itself",
        arguments: [false, true]
    )
    func away(_ silently: Bool) async throws {
        try await Workbench.run { bench in
            let database = try await TestDatabase.make(on: bench)
            let proxy = try await Proxy.start(on: bench, before: database.port)
            let server = try await Server.start(on: bench, environment: database.through(port: proxy.port).environment)
            let owner = try await server.owner()
            let (id, daemon) = try await owner.connectedAgent(bench, through: server.url)
            let api = API(url: server.url, token: nil)

            if silently { proxy.blackhole() } else { proxy.cutAll(andRefuse: true) }
            try await eventually("the node says that it has no database") {
                try await api.get("/readyz").status == 503
            }
            let ready = try await api.get("/readyz")
            #expect(ready.body["problems"].items.count == 1)
            #expect(ready.headers["retry-after"] == "1")
            #expect(try await api.get("/healthz").status == 200)
            #expect(try await metric("claviger_database_up", api) == "0")
            for path in ["/api/v1/agents", "/api/v1/me", "/api/v1/settings", "/api/v1/agents/\(id)"] {
                let answer = try await owner.api.get(path)
                #expect(answer.status == 503, "\(path)")
                #expect(answer.headers["retry-after"] != nil, "\(path)")
            }
            #expect(try await owner.act(id, "pause").status == 503)
            #expect(try daemon.program().ended == nil)

            proxy.pass()
            try await eventually("the node has its database again", within: .seconds(30)) {
                try await api.get("/readyz").status == 200
            }
            #expect(try await metric("claviger_database_up", api) == "1")
            try await owner.awaitConnection(id)
            _ = try await owner.rotate(id).expecting(200)
            #expect(try server.program().ended == nil)
        }
    }

    @Test("OPS-1: a database that can't be used stops the start with a sentence that names it, and never the password")
    func unusable() async throws {
        try await Workbench.run { bench in
            let database = try await TestDatabase.make(on: bench)
            let closed = try freePort()
            let cases = [
                (
                    database.through(port: closed).url(user: "claviger", password: "hunter2"),
                    "database 127.0.0.1:\(closed)/\(database.name): "
                ),
                (database.url(user: "claviger_password", password: "hunter2"), "authentication failed"),
                ("postgres://claviger:hunter2@127.0.0.1:\(database.port)/nowhere", "\"nowhere\" does not exist"),
                ("postgres://claviger:hunt@er2@127.0.0.1/n", "an @ too many"),
            ]
            for (url, sentence) in cases {
                let result = try await bench.finish(
                    Workbench.claviger,
                    [
                        "serve", "--listen", "127.0.0.1:0", "--data-dir", bench.folder + "/none",
                        "--database-wait-seconds", "0",
                    ],
                    environment: ["CLAVIGER_DATABASE_URL": url]
                )
                #expect(result.ending == .code(10))
                #expect(result.errors.contains(sentence), "\(result.errors)")
                #expect(!(result.errors + result.output).contains("hunter2"))
            }
        }
    }

    @Test("OPS-1: a start waits for a database that is not there yet, and says so; not for one that refuses it")
    func late() async throws {
        try await Workbench.run { bench in
            let database = try await TestDatabase.make(on: bench)
            let proxy = try await Proxy.start(on: bench, before: database.port)
            proxy.cutAll(andRefuse: true)
            let data = bench.folder + "/early"
            let early = try bench.start(
                Workbench.claviger,
                ["serve", "--listen", "127.0.0.1:0", "--data-dir", data],
                environment: database.through(port: proxy.port).environment,
                name: "early"
            )
            try await eventually("it says what it waits for") { early.errors.contains("waiting for the database") }
            #expect(early.ended == nil)
            proxy.pass()
            try await eventually("it serves") { bench.contents(data + "/server.json") != nil }
            let refused = try await bench.finish(
                Workbench.claviger,
                ["serve", "--listen", "127.0.0.1:0", "--data-dir", bench.folder + "/refused"],
                environment: ["CLAVIGER_DATABASE_URL": database.url(user: "nobody_here", password: "hunter2")]
            )
            #expect(refused.ending == .code(10))
            #expect(!refused.errors.contains("waiting for the database"))
        }
    }

    @Test("OPS-1: the database's password works from file, environment and PGPASSWORD, and no child or log gets it")
    func password() async throws {
        try await Workbench.run { bench in
            let database = try await TestDatabase.make(on: bench)
            let (role, word) = ("claviger_password", "hunter2-\(UInt32.random(in: 0 ... .max))")
            _ = try await database.sql(
                """
                DO $$ BEGIN CREATE ROLE \(role) LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
                GRANT ALL ON SCHEMA public TO \(role); ALTER ROLE \(role) PASSWORD '\(word)'
                """
            )
            let file = bench.folder + "/password"
            try (word + "\n").write(toFile: file, atomically: false, encoding: .utf8)
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file)
            let plain = ["CLAVIGER_DATABASE_URL": database.url(user: role)]
            let ways = [
                ["CLAVIGER_DATABASE_URL": database.url(user: role, password: word)],
                plain.merging(["CLAVIGER_DATABASE_PASSWORD_FILE": file]) { $1 },
                plain.merging(["PGPASSWORD": word]) { $1 },
            ]
            let key = String(repeating: "5a", count: 32)
            for (number, way) in ways.enumerated() {
                let children = bench.folder + "/child-\(number)"
                let command = ["CLAVIGER_MASTER_KEY_COMMAND": "env > \(children); echo \(key)"]
                let server = try await Server.start(
                    on: bench,
                    arguments: ["--log-level", "trace"],
                    environment: way.merging(command) { $1 }
                )
                try await server.stop()
                #expect(try #require(bench.contents(children)).contains("PATH="))
                #expect(!(bench.contents(children) ?? word).contains(word))
                let config = try await bench.finish(Workbench.claviger, ["config"], environment: way)
                #expect(config.ending == .code(0))
            }
            #expect(!bench.everythingWritten.contains(word))
        }
    }

    private func metric(_ name: String, _ api: API) async throws -> String? {
        let text = try await api.get("/metrics").text
        return text.split(separator: "\n").first { $0.hasPrefix(name + " ") }.map {
            String($0.dropFirst(name.count + 1))
        }
    }
}
