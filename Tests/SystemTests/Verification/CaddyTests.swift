import Foundation
import Testing

@Suite("Behind Caddy")
struct CaddyTests {
    @Test(
        "TOK-5: a client can't smuggle an identity through Caddy, by no alias, twice, nor where there is nothing to tell"
    )
    func smuggling() async throws {
        try await Workbench.run { bench in
            let server = try await Server.start(on: bench)
            let owner = try await server.owner()
            let api = try await server.protectedAPI()
            let upstream = try await EchoServer.start(bench)
            let caddy = try await Caddy.start(bench, server: server, api: api, upstream: upstream.port)
            try await SmugglingCheck.run(bench, owner, through: caddy.port)
        }
    }

    @Test("TOK-5, LIM-2, OPS-3: Caddy with the documented configuration passes addresses and refusals on as they are")
    func answers() async throws {
        try await Workbench.run { bench in
            let server = try await Server.start(on: bench, arguments: ["--trusted-proxies", "127.0.0.1/32"])
            let owner = try await server.owner()
            let api = try await server.protectedAPI()
            let upstream = try await EchoServer.start(bench)
            let caddy = try await Caddy.start(bench, server: server, api: api, upstream: upstream.port)
            let near = try await owner.createToken("near", ["agents:read"], addresses: ["127.0.0.0/8"])
            #expect(try await caddy.get("/", token: near.text).status == 200)
            let far = try await owner.createToken("far", ["agents:read"], addresses: ["203.0.113.0/24"])
            let spoofed = ["X-Forwarded-For": "203.0.113.5"]
            #expect(try await caddy.get("/", token: far.text, headers: spoofed).status == 403)
            try await server.setPlan(#"{"per_hour":2}"#)
            try await eventually("the limit is reached", within: .seconds(10)) {
                try await caddy.get("/", token: near.text).status == 429
            }
            let limited = try await caddy.get("/", token: near.text)
            #expect(limited.headers["retry-after"].flatMap { Int($0) } ?? 0 > 0, "\(limited.headers)")
        }
    }
}
