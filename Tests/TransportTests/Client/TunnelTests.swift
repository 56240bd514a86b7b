import NIOCore
import NIOPosix
import Testing
import Transport

@Suite("A proxy's tunnel")
struct TunnelTests {
    private func connect(_ script: @escaping RawServer.Script) async throws -> (TransportError?, String) {
        var outcome: (TransportError?, String) = (nil, "")
        try await RawServer.run(script) { proxy in
            let environment = ["HTTPS_PROXY": "http://me:s%40cret@127.0.0.1:\(proxy.port)"]
            let settings = NetworkSettings(
                proxy: try ProxySettings(environment: environment),
                connectTimeout: .seconds(2)
            )
            let client = try NetworkClient(
                group: MultiThreadedEventLoopGroup.singleton,
                settings: settings,
                secure: true
            )
            let origin = try WebOrigin(parsing: "https://keys.example")
            do throws(TransportError) {
                _ = try await client.ask(origin, HTTPQuestion(path: "/"), timeLimit: .seconds(60))
            } catch {
                outcome.0 = error
            }
            outcome.1 = proxy.received.first ?? ""
        }
        return outcome
    }

    @Test("AGT-7: the proxy is asked for host and port, with authorization, and TLS goes through the tunnel")
    func tunnel() async throws {
        let (error, request) = try await connect { received in
            let text = String(decoding: received, as: UTF8.self)
            guard let end = text.firstRange(of: "\r\n\r\n") else { return .wait }
            return end.upperBound == text.endIndex ? .send("HTTP/1.1 200 Connection established\r\n\r\n") : .close
        }
        #expect(request.hasPrefix("CONNECT keys.example:443 HTTP/1.1\r\nHost: keys.example:443\r\n"))
        #expect(request.contains("Proxy-Authorization: Basic bWU6c0BjcmV0\r\n\r\n\u{16}"))
        #expect(error?.code == .tlsFailed || error?.code == .connectionLost)
    }

    @Test(
        "AGT-7: a proxy that refuses is told apart from a server that refuses",
        arguments: [
            "HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", "HTTP/1.1 502 Bad\r\n\r\n", "nonsense\r\n\r\n",
            "HTTP/1.1 200 OK\r\n\r\nextra", "HTTP/1.1 abc\r\n\r\n", "HTTP/1.1 401 RevokedToken\r\n\r\n",
            String(repeating: "x", count: 9_000),
        ]
    )
    func refused(answer: String) async throws {
        let (error, _) = try await connect { _ in .send(answer) }
        #expect(error?.code == .proxyRefused)
    }

    @Test("AGT-7: a silent or closing proxy ends in time")
    func silent() async throws {
        #expect(try await connect { _ in .wait }.0?.code == .timedOut)
        #expect(try await connect { _ in .close }.0?.code == .proxyRefused)
    }
}
