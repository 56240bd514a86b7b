import HTTPKernel
import NIOCore
import StrictJSON
import Synchronization
import Testing

@Suite("Connections")
struct ConnectionTests {
    @Test(
        "OPS-4: a server with idle, silent, half-sent and upgraded connections stops within seconds, channels get 4007"
    )
    func shutdown() async throws {
        let start = Marks()
        try await EdgeServer.run { server in
            let owner = try await server.owner()
            let machine = try await server.enrolledAgent("alpha", owner: owner)
            let silent = try await Wire.connect(port: server.port)
            let half = try await Wire.connect(port: server.port)
            try await half.send("GET /api/v1/me HTTP/1.1\r\nHost: local")
            let idle = try await Wire.connect(port: server.port)
            try await idle.send("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
            try await eventually("an answer") { Answer(idle.received) != nil }
            let unproven = try await TestChannel.upgrade(server, token: machine.token)
            _ = try await unproven.next()
            let (channel, _) = try await TestChannel.open(server, machine)
            start.keep([silent, half, idle, unproven.wire, channel.wire], channel)
        }
        #expect(ContinuousClock.now - start.ended < .seconds(10))
        let channel = try #require(start.channel)
        #expect(try await channel.closeCode() == 4007)
        for wire in start.wires { try await wire.awaitClose() }
    }

    @Test("AGT-7: the upgrade works as the second request of a connection, and a write follows it")
    func secondRequest() async throws {
        try await EdgeServer.run { server in
            let owner = try await server.owner()
            let machine = try await server.enrolledAgent("alpha", owner: owner)
            let wire = try await Wire.connect(port: server.port)
            for _ in 1...3 {
                try await wire.send(
                    "GET /api/v1/me HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \(owner)\r\n\r\n"
                )
                try await eventually("an answer") { Answer(wire.received) != nil }
                #expect(Answer(wire.received)?.status == 200)
                wire.drop(wire.received.count)
            }
            let (channel, result) = try await TestChannel.open(server, machine, on: wire)
            #expect(result["mode"]?.stringValue == "full")
            try await channel.send(#"{"jsonrpc":"2.0","id":"b","method":"agent.heartbeat"}"#)
            #expect(try await channel.next().json["id"]?.stringValue == "b")
            #expect(try await server.call("POST", "/api/v1/agents/\(machine.id)/pause", token: owner).status == 200)
            #expect(try await channel.closeCode() == 4004)
        }
    }

    @Test("AGT-7: an upgrade to another protocol is answered as a plain request, and the connection closes behind it")
    func otherUpgrade() async throws {
        try await EdgeServer.run { server in
            let wire = try await Wire.connect(port: server.port)
            try await wire.send(
                "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n"
            )
            try await eventually("an answer") { Answer(wire.received) != nil }
            #expect(Answer(wire.received)?.status == 200)
            #expect(Answer(wire.received)?["connection"] == "close")
            try await wire.awaitClose()
        }
    }

    @Test("OPS-4: a connection without a first head, or with half of one, is closed in time")
    func firstHead() async throws {
        var options = EdgeServer.Options()
        options.limits.head = .milliseconds(300)
        try await EdgeServer.run(options) { server in
            let silent = try await Wire.connect(port: server.port)
            let half = try await Wire.connect(port: server.port)
            try await half.send("GET /healthz HTT")
            try await silent.awaitClose(.seconds(5))
            try await half.awaitClose(.seconds(5))
        }
    }

    @Test("OPS-4: a kept connection may wait for its next request, but a half-sent later head is closed in time")
    func laterHead() async throws {
        var options = EdgeServer.Options()
        options.limits.head = .seconds(3)
        try await EdgeServer.run(options) { server in
            let request = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
            let answered = { (wire: Wire, count: Int) in
                try await eventually("\(count) answers", within: .seconds(120)) {
                    String(decoding: wire.received, as: UTF8.self).ranges(of: "HTTP/1.1 200").count == count
                }
            }
            let half = try await Wire.connect(port: server.port, saying: request)
            let whole = try await Wire.connect(port: server.port, saying: request)
            for wire in [half, whole] { try await answered(wire, 1) }
            // A header that goes on for ever, drop by drop: only the head's own deadline can end it.
            try await half.send("GET /healthz HTTP/1.1\r\nX-Long: ")
            try await eventually("the half-sent head is closed", within: .seconds(120)) {
                try await half.send("x")
                return half.isClosed
            }
            #expect(String(decoding: half.received, as: UTF8.self).ranges(of: "HTTP/1.1 200").count == 1)
            // The other one was silent for as long, and has its next request answered, and none of it counts later.
            #expect(!whole.isClosed)
            try await whole.send(request, cutAfter: 20, pause: .milliseconds(50))
            try await answered(whole, 2)
            try await Task.sleep(for: .milliseconds(3500))
            #expect(!whole.isClosed)
            await whole.close()
        }
    }

    @Test("OPS-4: a body that does not arrive in time answers 408, however it drips")
    func slowBody() async throws {
        var options = EdgeServer.Options()
        options.limits.body = .milliseconds(600)
        try await EdgeServer.run(options) { server in
            let wire = try await Wire.connect(port: server.port)
            try await wire.send(
                "POST /api/v1/auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                    + "Content-Length: 1000\r\n\r\n{"
            )
            let start = ContinuousClock.now
            while !wire.isClosed, Answer(wire.received) == nil, ContinuousClock.now - start < .seconds(5) {
                try await wire.send(" ")
                try await Task.sleep(for: .milliseconds(100))
            }
            let answer = try #require(Answer(wire.received))
            #expect(answer.status == 408)
            #expect(answer.code == "RequestTimeout")
            try await wire.awaitClose()
        }
    }

    @Test("OPS-3: bodies of 1 MiB pass, one byte more and 10 MB answer 413, declared or chunked")
    func bodySizes() async throws {
        try await EdgeServer.run { server in
            let full =
                #"{"email":"a@example.org","password":""# + String(repeating: "x", count: (1 << 20) - 39) + #""}"#
            #expect(full.utf8.count == 1 << 20)
            #expect(try await server.call("POST", "/api/v1/auth/login", body: full).status != 413)
            for size in [(1 << 20) + 1, 10_000_000] {
                let body = String(repeating: " ", count: size)
                let answer = try await server.call("POST", "/api/v1/auth/login", body: body)
                #expect(answer.status == 413)
                #expect(answer.code == "BodyTooLarge")
            }
            let wire = try await Wire.connect(port: server.port)
            try await wire.send(
                "POST /api/v1/auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                    + "Transfer-Encoding: chunked\r\n\r\n"
            )
            let chunk = "10000\r\n" + String(repeating: " ", count: 65536) + "\r\n"
            for _ in 1...20 { try await wire.send(chunk) }
            try await eventually("an answer") { Answer(wire.received) != nil }
            #expect(Answer(wire.received)?.status == 413)
            try await wire.awaitClose()
        }
    }

    @Test("OPS-3: 100 header fields pass, 101 and 1,000 and too long ones answer 431")
    func headers() async throws {
        try await EdgeServer.run { server in
            func fields(_ count: Int) -> [String] { (0..<count).map { "X-Filler-\($0): 1" } }
            #expect(try await server.call("GET", "/readyz", headers: fields(98)).status == 200)
            #expect(try await server.call("GET", "/readyz", headers: fields(99)).status == 431)
            #expect(try await server.call("GET", "/readyz", headers: fields(1000)).status == 431)
            let long = try await server.call(
                "GET",
                "/readyz",
                headers: ["X-Long: " + String(repeating: "a", count: 17_000)]
            )
            #expect(long.status == 431)
            #expect(long.code == "InvalidRequest")
        }
    }

    @Test(
        "OPS-3: what is no HTTP answers 400 and closes",
        arguments: ["\u{0}\u{1}\u{2}\r\n\r\n", "GET\r\n\r\n", "BREW / HTTP/9.9\r\n\r\n"]
    )
    func noHTTP(_ text: String) async throws {
        try await EdgeServer.run { server in
            let wire = try await Wire.connect(port: server.port)
            try await wire.send(text)
            try await eventually("an answer") { wire.isClosed || Answer(wire.received) != nil }
            #expect(Answer(wire.received)?.status == 400)
            try await wire.awaitClose()
        }
    }
}

/// What a test keeps of a server that has stopped.
private final class Marks: Sendable {
    private struct State {
        var wires: [Wire] = []
        var channel: TestChannel?
        var ended = ContinuousClock.now
    }

    private let state = Mutex(State())

    func keep(_ wires: [Wire], _ channel: TestChannel) {
        state.withLock { state in
            state.wires = wires
            state.channel = channel
            state.ended = ContinuousClock.now
        }
    }

    var wires: [Wire] { state.withLock { $0.wires } }
    var channel: TestChannel? { state.withLock { $0.channel } }
    var ended: ContinuousClock.Instant { state.withLock { $0.ended } }
}
