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
            #expect(try await nginx.get("/", token: near.text).status >= 500)
        }
    }

    @Test("TOK-5: a client can't smuggle an identity through the proxy")
    func smuggling() async throws {
        try await Workbench.run { bench in
            let server = try await Server.start(on: bench)
            let owner = try await server.owner()
            let api = try await server.protectedAPI()
            let token = try await owner.createToken("good", ["agents:read"])
            let headers = [
                "X-Claviger-Identity": "usr_smuggled", "x-claviger-scopes": "agents:*", "X-Claviger-Token": "crd_x",
                "X_Claviger_Identity": "usr_smuggled", "X-Claviger-Status": "200",
            ]
            let upstream = try await EchoServer.start(bench)
            let nginx = try await Nginx.start(
                bench,
                server: server,
                api: api,
                site: bench.folder,
                upstream: upstream.port
            )
            let seen = try await nginx.get("/", token: token.text, headers: headers)
            #expect(seen.status == 200)
            #expect(!seen.text.contains("smuggled") && !seen.text.contains("agents:*"), "\(seen.text)")
            #expect(seen.text.lowercased().contains("x-claviger-token: \(token.id.lowercased())"), "\(seen.text)")
            #expect(try await nginx.get("/", token: nil, headers: headers).status == 401)
        }
    }
}
