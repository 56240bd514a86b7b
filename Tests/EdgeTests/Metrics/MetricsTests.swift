import Domain
import HTTPKernel
import StrictJSON
import Testing

@Suite("Metrics")
struct MetricsTests {
    @Test("OPS-4: the names of all metrics stand in the golden list, and no label comes from a request")
    func names() async throws {
        try await EdgeServer.run { server in
            try GoldenList(name: "metrics.txt").check(server.metrics.catalog)
            let before = try await server.call("GET", "/metrics", token: EdgeServer.metricsToken)
            for number in 1...20 {
                _ = try await server.call(
                    "GET",
                    "/nowhere/\(number)?secret=\(number)",
                    headers: ["User-Agent: \(number)"]
                )
                _ = try await server.call("METHOD\(number)", "/api/v1/agents")
                _ = try await server.call("GET", "/api/v1/agents/agt_\(number)", token: "x\(number)")
            }
            let after = try await server.call("GET", "/metrics", token: EdgeServer.metricsToken)
            #expect(after.text.split(separator: "\n").count == before.text.split(separator: "\n").count)
            #expect(after.text.contains(#"route="/api/v1/agents/{id}""#))
            #expect(after.text.contains("claviger_database_connections{state=\"open\"} 8\n"))
            #expect(after.text.contains("claviger_change_log_lag_seconds 0.012\n"))
            #expect(after["content-type"]?.hasPrefix("text/plain; version=0.0.4") == true)
        }
    }

    @Test(
        "OPS-4: where nobody but this host is to reach the server, metrics are for it, or for the token's holder",
        arguments: ["http://127.0.0.1:8787", "http://localhost:8787", "https://[::1]", "http://127.0.0.2"]
    )
    func localAccess(_ publicURL: String) async throws {
        var options = EdgeServer.Options()
        options.publicURL = publicURL
        options.metricsToken = nil
        let forwarded = ["X-Forwarded-For: 198.51.100.1"]
        try await EdgeServer.run(options) { server in
            #expect(try await server.call("GET", "/metrics").status == 200)
            for fields in [forwarded, ["Forwarded: for=198.51.100.1"], ["Via: 1.1 proxy"]] {
                let refused = try await server.call("GET", "/metrics", headers: fields)
                #expect(refused.status == 401)
                #expect(refused.json["detail"]?.stringValue?.contains("metrics_token_file") == true)
            }
        }
        options.metricsToken = EdgeServer.metricsToken
        try await EdgeServer.run(options) { server in
            let cases: [(headers: [String], token: String?, status: Int)] = [
                ([], nil, 200), (forwarded, nil, 401), (forwarded, String(EdgeServer.metricsToken.dropLast()), 401),
                (forwarded, EdgeServer.metricsToken, 200),
            ]
            for (headers, token, status) in cases {
                let answer = try await server.call("GET", "/metrics", token: token, headers: headers)
                #expect(answer.status == status)
            }
        }
    }

    @Test(
        "OPS-4: with a public_url or a trusted proxy even loopback needs the token: a proxy need not say that it is one",
        arguments: [("https://claviger.example", nil), ("http://127.0.0.1:8787", "127.0.0.1")] as [(String, String?)]
    )
    func proxiedAccess(_ publicURL: String, _ proxy: String?) async throws {
        var options = EdgeServer.Options()
        options.publicURL = publicURL
        options.metricsToken = nil
        options.proxies = TrustedProxies(proxy.flatMap { try? AddressRange(parsing: $0) }.map { [$0] } ?? [])
        try await EdgeServer.run(options) { server in
            for token in [nil, "", EdgeServer.metricsToken] {
                let refused = try await server.call("GET", "/metrics", token: token)
                #expect(refused.status == 401)
                #expect(refused.code == "MissingCredential")
                #expect(refused.json["detail"]?.stringValue?.contains("metrics_token_file") == true)
            }
        }
        options.metricsToken = EdgeServer.metricsToken
        try await EdgeServer.run(options) { server in
            for (token, status) in [
                (nil, 401), (String(EdgeServer.metricsToken.dropLast()), 401), (EdgeServer.metricsToken, 200),
            ] {
                let answer = try await server.call("GET", "/metrics", token: token)
                #expect(answer.status == status)
            }
        }
    }

    @Test("OPS-4: text format: counters, gauges, cumulated buckets and exact seconds")
    func text() {
        let registry = MetricsRegistry()
        registry.counter("c_total", "C.", .route("/a\"b\\c")).increment(by: 3)
        registry.gauge("g", "G.").add(-2)
        let histogram = registry.histogram("h_seconds", "H.")
        histogram.observe(.milliseconds(1))
        histogram.observe(.microseconds(1001))
        histogram.observe(.seconds(11))
        registry.readingSeconds("s_seconds", "S.") { .milliseconds(12) }
        let text = PrometheusText.render(registry)
        #expect(text.contains("# TYPE s_seconds gauge\ns_seconds 0.012\n"))
        #expect(text.contains("# TYPE c_total counter\nc_total{route=\"/a\\\"b\\\\c\"} 3\n"))
        #expect(text.contains("g -2\n"))
        #expect(text.contains("h_seconds_bucket{le=\"0.001\"} 1\nh_seconds_bucket{le=\"0.0025\"} 2\n"))
        #expect(text.contains("h_seconds_bucket{le=\"+Inf\"} 3\nh_seconds_sum 11.002001\nh_seconds_count 3\n"))
    }
}

@Suite("Health")
struct HealthTests {
    @Test("OPS-4: healthz lives, readyz tells what is missing")
    func health() async throws {
        var options = EdgeServer.Options()
        options.problems = ["The database can't be read."]
        try await EdgeServer.run(options) { server in
            let alive = try await server.call("GET", "/healthz")
            #expect(alive.status == 200)
            #expect(alive.text == #"{"status":"ok"}"#)
            let ready = try await server.call("GET", "/readyz")
            #expect(ready.status == 503)
            #expect(ready.json["problems"]?.arrayValue?.count == 1)
            #expect(ready["retry-after"] == "1")
            #expect(ready.text.contains(#""change_log":{"lag_milliseconds":12,"entries":40}"#))
            #expect(try await server.call("POST", "/healthz").status == 404)
        }
    }

    @Test("ROT-15: wait_seconds is 0 to 300", arguments: [(-1, 422), (0, 202), (301, 422)])
    func waitSeconds(_ seconds: Int, _ status: Int) async throws {
        try await EdgeServer.run { server in
            let owner = try await server.owner()
            let machine = try await server.enrolledAgent("alpha", owner: owner)
            let (channel, _) = try await TestChannel.open(server, machine)
            let path = "/api/v1/agents/\(machine.id)/tokens/rotate"
            let answer = try await server.call("POST", path, token: owner, body: #"{"wait_seconds":\#(seconds)}"#)
            #expect(answer.status == status, "\(answer.text)")
            await channel.wire.close()
        }
    }
}
