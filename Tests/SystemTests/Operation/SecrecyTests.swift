import Foundation
import Testing

@Suite("Secrets stay where they belong")
struct SecrecyTests {
    @Test(
        "AUD-2, CLI-3, ORG-2: no token, password or setup secret in logs, lists, events, metrics or process arguments"
    )
    func nothingLeaks() async throws {
        try await Workbench.run { bench in
            let server = try await Server.start(
                on: bench,
                environment: ["CLAVIGER_LOG_LEVEL": "trace"]
            )
            let setupSecret = try server.setupSecret()
            let owner = try await server.owner()
            let (id, daemon) = try await owner.connectedAgent(bench, environment: ["CLAVIGER_LOG_LEVEL": "trace"])
            var marked: Set<String> = [setupSecret, owner.token, Operator.password]
            marked.formUnion(daemon.storedTokens())
            _ = try await owner.rotate(id).expecting(200)
            try await owner.awaitPromotion(id)
            marked.formUnion(daemon.storedTokens())
            _ = try await API(url: server.url, token: "clv_ag_" + String(repeating: "x", count: 38)).get("/api/v1/me")
            _ = try await owner.act(id, "tokens/end-grace", ["reason": "because of \(owner.token)"])
            _ = try await owner.act(id, "pause", ["reason": "because of \(owner.token)"]).expecting(200)

            let processes = processArguments()
            let reset = try await owner.act(id, "reset").expecting(200)
            marked.insert(try reset.string("install_token"))
            var seen = [("process arguments", processes)]
            for path in [
                "/api/v1/agents", "/api/v1/agents/\(id)", "/api/v1/agents/\(id)/events", "/metrics",
                "/api/v1/audit/events?limit=200", "/api/v1/settings", "/api/v1/auth/sessions", "/api/v1/me",
            ] {
                seen.append((path, try await owner.api.get(path).text))
            }
            seen.append(("everything written", bench.everythingWritten))
            for (place, text) in seen {
                for secret in marked { #expect(!text.contains(secret), "a secret stands in \(place)") }
            }
            #expect(seen[1].1.contains(id))
        }
    }

    @Test("AGT-4, OPS-2: state directories are 0700 and every file in them 0600")
    func modes() async throws {
        try await Workbench.run { bench in
            let server = try await Server.start(on: bench)
            let owner = try await server.owner()
            let (_, daemon) = try await owner.connectedAgent(bench)
            #expect(bench.mode(daemon.state) == 0o700)
            for folder in [daemon.state, server.data] {
                for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
                    let mode = bench.mode(folder + "/" + name) ?? 0
                    #expect(mode & 0o077 == 0, "\(name) has mode \(String(mode, radix: 8))")
                }
            }
        }
    }

    @Test("OPS-2: the database holds no token in clear text")
    func sealedDatabase() async throws {
        try await Workbench.run { bench in
            let server = try await Server.start(on: bench)
            let owner = try await server.owner()
            let (_, daemon) = try await owner.connectedAgent(bench)
            let tokens = daemon.storedTokens().union([owner.token])
            for name in try FileManager.default.contentsOfDirectory(atPath: server.data) {
                let data = FileManager.default.contents(atPath: server.data + "/" + name) ?? Data()
                for token in tokens { #expect(data.range(of: Data(token.utf8)) == nil, "a token stands in \(name)") }
            }
            guard let dump = try await server.database?.dump() else { return }
            #expect(dump.contains("INSERT INTO public.credential "))
            for token in tokens {
                let bytes = token.utf8.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
                #expect(!dump.contains(token) && !dump.contains(bytes), "a token stands in the database")
            }
        }
    }

    /// The arguments of every process of this machine.
    private func processArguments() -> String {
        let ids = (try? FileManager.default.contentsOfDirectory(atPath: "/proc"))?.filter { Int($0) != nil } ?? []
        return ids.compactMap { FileManager.default.contents(atPath: "/proc/\($0)/cmdline") }
            .map { String(decoding: $0, as: UTF8.self) }.joined(separator: "\n")
    }
}
