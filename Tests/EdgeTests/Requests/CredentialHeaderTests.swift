import Domain
import HTTPKernel
import HTTPTypes
import NIOCore
import StrictJSON
import Testing

@Suite("Who asks, and whom")
struct CredentialHeaderTests {
    @Test("OPS-3: odd Authorization headers are a clear 401")
    func authorization() async throws {
        try await EdgeServer.run { server in
            let owner = try await server.owner()
            let good = [
                "Authorization: Bearer \(owner)", "authorization: bearer   \(owner)", "Authorization: BEARER \(owner)",
            ]
            for header in good {
                #expect(try await server.call("GET", "/api/v1/me", headers: [header]).status == 200, "\(header)")
            }
            let bad: [[String]] = [
                [], ["Authorization: Bearer"], ["Authorization: Bearer "], ["Authorization: \(owner)"],
                ["Authorization: Basic dTpw"], ["Authorization: Bearer \(owner) x"],
                ["Authorization: Bearer a, Bearer b"],
                ["Authorization: Bearer \(owner)", "Authorization: Bearer \(owner)"],
                ["Authorization: Bearer \(String(repeating: "a", count: 5000))"],
            ]
            for headers in bad {
                let answer = try await server.call("GET", "/api/v1/me", headers: headers)
                #expect(answer.status == 401, "\(headers)")
                #expect(answer["www-authenticate"]?.hasPrefix("Bearer realm=\"claviger\"") == true)
            }
        }
    }

    @Test("OPS-3: the host of public_url and loopback names are answered, others get 421, none or two 400")
    func hosts() async throws {
        try await EdgeServer.run { server in
            for host in [
                "claviger.example", "CLAVIGER.example:443", "localhost", "127.0.0.1:\(server.port)", "[::1]:80",
            ] {
                #expect(
                    try await server.call("GET", "/install.sh", headers: ["Host: \(host)"]).status == 200,
                    "\(host)"
                )
            }
            for host in ["evil.example", "claviger.example.evil", "localhost.evil", "claviger.example:x", "[::2]"] {
                let answer = try await server.call("GET", "/install.sh", headers: ["Host: \(host)"])
                #expect(answer.status == 421, "\(host)")
                #expect(!answer.text.contains("evil"))
            }
            let twice = try await server.call("GET", "/install.sh", headers: ["Host: localhost", "Host: localhost"])
            #expect(twice.status == 400)
            let none = try await server.exchange(Array("GET /install.sh HTTP/1.1\r\n\r\n".utf8))
            #expect(none.status == 400)
        }
    }

    @Test("OPS-4: a sane X-Request-Id is echoed, another is replaced")
    func requestIDs() async throws {
        try await EdgeServer.run { server in
            let sane = try await server.call("GET", "/readyz", headers: ["X-Request-Id: abc-1.2_Z"])
            #expect(sane["x-request-id"] == "abc-1.2_Z")
            let long = String(repeating: "a", count: 65)
            for bad in ["a b", long, "a;b", "clv_ss_0123456789"] {
                let answer = try await server.call("GET", "/api/v1/me", headers: ["X-Request-Id: \(bad)"])
                #expect(answer["x-request-id"]?.hasPrefix("req_") == true, "\(bad)")
            }
        }
    }

    @Test("OPS-3: only configured proxies set the client's address; IPv4-mapped addresses are IPv4")
    func addresses() throws {
        let proxies = TrustedProxies([try AddressRange(parsing: "10.0.0.0/8"), try AddressRange(parsing: "fd00::/8")])
        let cases: [(peer: String, forwarded: String?, client: String)] = [
            ("192.0.2.1", nil, "192.0.2.1"), ("192.0.2.1", "198.51.100.1", "192.0.2.1"),
            ("10.1.2.3", "198.51.100.1", "198.51.100.1"), ("10.1.2.3", nil, "10.1.2.3"),
            ("10.1.2.3", "203.0.113.9, 198.51.100.1, 10.9.9.9", "198.51.100.1"),
            ("10.1.2.3", "198.51.100.1:4711", "198.51.100.1"), ("fd00::1", "[2001:db8::1]:80", "2001:db8::1"),
            ("::ffff:10.1.2.3", "::ffff:198.51.100.1", "198.51.100.1"), ("10.1.2.3", "nonsense", "10.1.2.3"),
            ("10.1.2.3", "198.51.100.1, nonsense", "10.1.2.3"), ("::ffff:192.0.2.7", nil, "192.0.2.7"),
        ]
        for (peer, forwarded, client) in cases {
            var fields: HTTPFields = [:]
            if let forwarded { fields[.xForwardedFor] = forwarded }
            let address = proxies.clientAddress(peer: try SocketAddress(ipAddress: peer, port: 1), fields: fields)
            #expect(address?.description == client, "\(peer) \(forwarded ?? "-")")
        }
    }

    @Test("OPS-3: ranges are read strictly, at 0, the full width and one beyond")
    func ranges() throws {
        for text in ["0.0.0.0/0", "10.0.0.0/32", "::/0", "::1/128", "192.0.2.1"] {
            #expect(throws: Never.self, "\(text)") { try AddressRange(parsing: text) }
        }
        for text in [
            "", "10.0.0.0/33", "::/129", "10.0.0.0/-1", "10.0.0.0/", "10.0.0.0/8/8", "10.0.0/8", "x", "fe80::1%eth0",
        ] {
            #expect(throws: AddressFault.self, "\(text)") { try AddressRange(parsing: text) }
        }
        let range = try AddressRange(parsing: "10.64.0.0/10")
        #expect(range.contains(try #require(IPAddress("10.127.255.255"))))
        #expect(!range.contains(try #require(IPAddress("10.128.0.0"))))
        #expect(!range.contains(try #require(IPAddress("::1"))))
    }

    @Test("OPS-4: every answer forbids storing, sniffing and framing")
    func headers() async throws {
        try await EdgeServer.run { server in
            for path in ["/api/v1/me", "/nowhere", "/readyz", "/install.sh", "/metrics"] {
                let answer = try await server.call("GET", path)
                #expect(answer["cache-control"] == "no-store", "\(path)")
                #expect(answer["x-content-type-options"] == "nosniff")
                #expect(answer["x-frame-options"] == "DENY")
                #expect(answer["content-security-policy"]?.contains("default-src 'none'") == true)
            }
        }
    }
}
