import HTTPKernel
import StrictJSON
import Testing

@Suite("Metrics")
struct MetricsTests {
    @Test("OPS-4: the names of all metrics stand in the golden list, and no label comes from a request")
    func names() async throws {
        try await EdgeServer.run { server in
            try GoldenList(name: "metrics.txt").check(server.metrics.catalog)
            let before = try await server.call("GET", "/metrics").text.split(separator: "\n").count
            for number in 1...20 {
                _ = try await server.call(
                    "GET",
                    "/nowhere/\(number)?secret=\(number)",
                    headers: ["User-Agent: \(number)"]
                )
                _ = try await server.call("METHOD\(number)", "/api/v1/agents")
                _ = try await server.call("GET", "/api/v1/agents/agt_\(number)", token: "x\(number)")
            }
            let after = try await server.call("GET", "/metrics")
            #expect(after.text.split(separator: "\n").count == before)
            #expect(after.text.contains(#"route="/api/v1/agents/{id}""#))
            #expect(after["content-type"]?.hasPrefix("text/plain; version=0.0.4") == true)
        }
    }

    @Test("OPS-4: metrics are for this host, not passed on by a proxy, or for the token's holder")
    func access() async throws {
        var options = EdgeServer.Options()
        options.metricsToken = "metrics-token-0123456789"
        try await EdgeServer.run(options) { server in
            let forwarded = ["X-Forwarded-For: 198.51.100.1"]
            let token = "metrics-token-0123456789"
            let cases: [(headers: [String], token: String?, status: Int)] = [
                ([], nil, 200), (forwarded, nil, 401), (forwarded, String(token.dropLast()), 401),
                (forwarded, token, 200),
            ]
            for (headers, token, status) in cases {
                let answer = try await server.call("GET", "/metrics", token: token, headers: headers)
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
        let text = PrometheusText.render(registry)
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
