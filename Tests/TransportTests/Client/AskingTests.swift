import NIOCore
import NIOHTTP1
import NIOPosix
import Testing
import Transport

@Suite("The small HTTP client")
struct AskingTests {
    private func ask(
        _ script: @escaping RawServer.Script,
        _ question: HTTPQuestion = HTTPQuestion(path: "/x"),
        timeLimit: TimeAmount = .seconds(30)
    ) async throws -> (answer: HTTPAnswer, request: String) {
        var outcome: (HTTPAnswer, String)?
        try await RawServer.run(script) { server in
            let client = try NetworkClient(
                group: MultiThreadedEventLoopGroup.singleton,
                settings: NetworkSettings(),
                secure: false
            )
            let origin = try WebOrigin(parsing: "http://127.0.0.1:\(server.port)/base/")
            let answer = try await client.ask(origin, question, timeLimit: timeLimit)
            outcome = (answer, server.received.first ?? "")
        }
        return try #require(outcome)
    }

    private func whole(_ received: [UInt8]) -> Bool { String(decoding: received, as: UTF8.self).contains("\r\n\r\n") }

    @Test("a request carries host, prefix, headers and body; the answer comes whole")
    func request() async throws {
        let question = HTTPQuestion(
            method: .POST,
            path: "/api",
            headers: ["Authorization": "Bearer t"],
            body: Array("{}".utf8)
        )
        let (answer, request) = try await ask(
            { received in
                String(decoding: received, as: UTF8.self).hasSuffix("{}")
                    ? .send(
                        "HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\nA: b\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n"
                    )
                    : .wait
            },
            question
        )
        #expect(answer.status == 201)
        #expect(String(decoding: answer.body, as: UTF8.self) == "hello")
        #expect(answer.headers.first(name: "a") == "b")
        #expect(request.hasPrefix("POST /base/api HTTP/1.1\r\n"))
        for line in ["Host: 127.0.0.1:", "Authorization: Bearer t", "Content-Length: 2", "Connection: close"] {
            #expect(request.contains(line))
        }
    }

    @Test("a redirect is an answer, never followed")
    func redirect() async throws {
        let (answer, _) = try await ask { _ in
            .send("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n")
        }
        #expect(answer.status == 302)
    }

    @Test(
        "a body may be as large as the limit, not larger",
        arguments: [(10, true), (11, false), (0, true), (1, true)]
    )
    func bodyLimit(size: Int, passes: Bool) async throws {
        let script: RawServer.Script = { _ in
            .send("HTTP/1.1 200 OK\r\nContent-Length: \(size)\r\n\r\n" + String(repeating: "x", count: size))
        }
        let question = HTTPQuestion(path: "/", bodyLimit: 10)
        if passes {
            #expect(try await ask(script, question).answer.body.count == size)
        } else {
            await #expect(throws: TransportError(.bodyTooLarge, "")) { _ = try await ask(script, question) }
        }
    }

    static let faults: [(String, RawServer.Step, TransportError.Code)] = [
        ("no HTTP", .sendThenClose("SSH-2.0-x\r\n\r\n"), .badAnswer),
        ("closed at once", .close, .connectionLost),
        ("closed in the head", .sendThenClose("HTTP/1.1 200 OK\r\nA:"), .connectionLost),
        ("closed in the body", .sendThenClose("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"), .connectionLost),
        ("silent", .wait, .timedOut),
        ("slow", .send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"), .timedOut),
        (
            "unasked switch", .send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n"),
            .badAnswer
        ),
    ]

    @Test("a fault of the server has its own code", arguments: faults)
    func fault(_ name: String, _ step: RawServer.Step, _ code: TransportError.Code) async throws {
        let error = await #expect(throws: TransportError.self, "\(name)") {
            _ = try await ask({ _ in step }, timeLimit: .milliseconds(400))
        }
        if name == "no HTTP" || name.hasPrefix("closed in") {
            #expect(error?.code == code || error?.code == .badAnswer, "\(name): \(String(describing: error))")
        } else {
            #expect(error?.code == code, "\(name): \(String(describing: error))")
        }
    }

    @Test("a port where nobody listens is a failed connection")
    func refused() async throws {
        let client = try NetworkClient(
            group: MultiThreadedEventLoopGroup.singleton,
            settings: NetworkSettings(),
            secure: false
        )
        let origin = try WebOrigin(parsing: "http://127.0.0.1:1")
        await #expect(throws: TransportError(.connectFailed, "")) {
            _ = try await client.ask(origin, HTTPQuestion(path: "/"))
        }
    }

    @Test("OPS-3: plain http to another machine is refused before a connection is made")
    func plainText() async throws {
        let client = try NetworkClient(
            group: MultiThreadedEventLoopGroup.singleton,
            settings: NetworkSettings(),
            secure: false
        )
        let origin = try WebOrigin(parsing: "http://keys.example")
        await #expect(throws: TransportError(.plainTextRefused, "")) {
            _ = try await client.ask(origin, HTTPQuestion(path: "/"))
        }
    }

    @Test("a cancelled task gives its request up at once")
    func cancelled() async throws {
        let silent: RawServer.Script = { _ in .wait }
        try await RawServer.run(silent) { server in
            let client = try NetworkClient(
                group: MultiThreadedEventLoopGroup.singleton,
                settings: NetworkSettings(),
                secure: false
            )
            let origin = try WebOrigin(parsing: "http://127.0.0.1:\(server.port)")
            await withTaskGroup(of: TransportError.Code?.self) { group in
                group.addTask {
                    do throws(TransportError) {
                        _ = try await client.ask(origin, HTTPQuestion(path: "/"), timeLimit: .seconds(600))
                        return nil
                    } catch {
                        return error.code
                    }
                }
                try? await Task.sleep(for: .milliseconds(100))
                group.cancelAll()
                for await code in group { #expect(code == .cancelled) }
            }
        }
    }
}
