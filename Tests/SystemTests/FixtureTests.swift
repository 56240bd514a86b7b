import Foundation
import Testing

@Suite("The fixture itself")
struct FixtureTests {
    @Test("a program's output and ending are read")
    func program() async throws {
        try await Workbench.run { bench in
            let shell = try await bench.finish("sh", ["-c", "cat; echo oops >&2; exit 3"], input: "hello")
            #expect(shell.ending == .code(3))
            #expect(shell.output == "hello")
            #expect(shell.errors == "oops\n")
            let sleeper = try bench.start("sleep", ["100"])
            sleeper.send(SIGKILL)
            #expect(try await sleeper.end() == .signal(9))
        }
    }

    @Test("JSON keeps truth values and numbers apart")
    func json() {
        let value = JSON(#"{"a":true,"b":1,"c":[null,"x"]}"#.data(using: .utf8) ?? .init())
        #expect(value["a"].bool == true)
        #expect(value["b"].int == 1)
        #expect(value["c"][1].text == "x")
    }

    @Test("the proxy passes requests on, and loses what it is told to lose")
    func proxy() async throws {
        try await Workbench.run { bench in
            let server = try await Server.start(on: bench)
            let proxy = try await Proxy.start(on: bench, before: server)
            let passed = try await bench.finish("curl", ["-sS", "-m", "5", proxy.url + "/healthz"])
            #expect(passed.ending == .code(0), "\(passed)")
            proxy.onItsWayToClient { _ in .drop }
            let silent = try await bench.finish(
                "curl",
                ["-sS", "-m", "5", "-H", "Connection: close", proxy.url + "/healthz"]
            )
            #expect(silent.ending == .code(52), "the end of the server's side was not passed on: \(silent)")
            proxy.onItsWayToClient { _ in .cut }
            #expect(try await bench.finish("curl", ["-sS", "-m", "5", proxy.url + "/healthz"]).ending != .code(0))
        }
    }
}
