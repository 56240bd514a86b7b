import Foundation
import Testing

@Suite("Behind nginx")
struct NginxTests {
    @Test("TOK-5, LIM-2: nginx with the documented configuration lets tokens in, and maps 429 with Retry-After back")
    func site() async throws {
        try await Workbench.run { bench in
            let server = try await Server.start(on: bench, arguments: ["--trusted-proxies", "127.0.0.1/32"])
            let owner = try await server.owner()
            let api = try await server.protectedAPI()
            let site = bench.folder + "/site"
            try FileManager.default.createDirectory(atPath: site, withIntermediateDirectories: true)
            try "hello".write(toFile: site + "/index.html", atomically: true, encoding: .utf8)
            let nginx = try await Nginx.start(bench, server: server, api: api, site: site)

            let good = try await owner.createToken("good", ["agents:read"])
            let answer = try await nginx.get("/", token: good.text)
            #expect(answer.status == 200 && answer.text == "hello", "\(answer.text)")
            for token in [nil, "garbage", "clv_pt_x"] { #expect(try await nginx.get("/", token: token).status == 401) }

            let near = try await owner.createToken("near", ["agents:read"], addresses: ["127.0.0.0/8"])
            #expect(try await nginx.get("/", token: near.text).status == 200)
            let far = try await owner.createToken("far", ["agents:read"], addresses: ["203.0.113.0/24"])
            let spoofed = ["X-Forwarded-For": "203.0.113.5", "X-Real-IP": "203.0.113.5"]
            #expect(try await nginx.get("/", token: far.text, headers: spoofed).status == 403)

            try await server.setPlan(#"{"per_hour":2}"#)
            try await eventually("the limit is reached", within: .seconds(10)) {
                try await nginx.get("/", token: good.text).status == 429
            }
            let limited = try await nginx.get("/", token: good.text)
            #expect(limited.status == 429)
            #expect(limited.headers["retry-after"].flatMap { Int($0) } ?? 0 > 0, "\(limited.headers)")

            _ = try await owner.api.post("/api/v1/tokens/\(near.id)/revoke").expecting(200)
            #expect(try await nginx.get("/", token: near.text).status == 401)
            try await server.stop()
            let away = try await nginx.get("/", token: near.text)
            #expect(away.status == 503 && away.headers["retry-after"] == "1", "\(away.status) \(away.headers)")
        }
    }

    @Test(
        "TOK-5: a client can't smuggle an identity through nginx, by no alias, twice, nor where there is nothing to tell"
    )
    func smuggling() async throws {
        try await Workbench.run { bench in
            let server = try await Server.start(on: bench)
            let owner = try await server.owner()
            let api = try await server.protectedAPI()
            let upstream = try await EchoServer.start(bench)
            let nginx = try await Nginx.start(
                bench,
                server: server,
                api: api,
                site: bench.folder,
                upstream: upstream.port
            )
            try await SmugglingCheck.run(bench, owner, through: nginx.port)
        }
    }
}

/// What every proxy with the documented configuration has to hold.
enum SmugglingCheck {
    static func run(_ bench: Workbench, _ owner: Operator, through port: Int) async throws {
        let token = try await owner.createToken("good", ["agents:read"])
        let (status, seen) = try await Smuggler.seen(bench, through: port, token: token.text)
        #expect(status == "200")
        #expect(seen["x-claviger-token"] == [token.id], "\(seen)")
        #expect(seen["x-claviger-scopes"] == ["agents:read"], "\(seen)")
        #expect(seen["x-claviger-identity-kind"] == ["user"], "\(seen)")
        #expect(!seen.values.joined().contains { $0.contains("smuggled") }, "\(seen)")
        // A token without a scope in force: the one it has is registered no more.
        let scope = "invoices:read"
        _ = try await owner.api.post("/api/v1/registered-scopes", ["name": scope]).expecting(201)
        let poor = try await owner.createToken("poor", [scope])
        _ = try await owner.api.delete("/api/v1/registered-scopes/\(scope)").expecting(200, 204)
        let (poorStatus, poorSeen) = try await Smuggler.seen(bench, through: port, token: poor.text)
        #expect(poorStatus == "200")
        #expect(poorSeen["x-claviger-token"] == [poor.id], "\(poorSeen)")
        #expect(poorSeen["x-claviger-scopes", default: []].joined().isEmpty, "\(poorSeen)")
        #expect(!poorSeen.values.joined().contains { $0.contains("smuggled") }, "\(poorSeen)")
        for text in [nil, "garbage"] {
            #expect(try await Smuggler.seen(bench, through: port, token: text).status == "401")
        }
    }
}
