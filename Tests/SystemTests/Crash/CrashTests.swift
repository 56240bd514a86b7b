import Glibc
import Testing

@Suite("SIGKILL at every named point")
struct CrashTests {
    @Test("ROT-4: the fault points of server and agent are found in the source")
    func points() {
        #expect(FaultPoint.ofServer.count >= 8)
        #expect(FaultPoint.ofAgent.count >= 4)
    }

    @Test("ROT-4, AGT-5: the server dies at a named point and strands nobody", arguments: FaultPoint.ofServer)
    func serverDies(_ point: FaultPoint) async throws {
        try await Workbench.run { bench in
            let server = try await Server.start(on: bench)
            let owner = try await server.owner()
            let (id, installToken) = try await owner.createAgent("alpha")
            try await server.restart(environment: ["CLAVIGER_CRASH_AT": point.name])

            let life = Life(owner: owner, id: id, installToken: installToken, daemon: Daemon(bench))
            let crashing = try server.program()
            try await life.liveUntilDeath(of: crashing)
            #expect(try await crashing.end(within: .seconds(5)) == .signal(SIGKILL), "\(point.name) was not reached")

            try await server.start()
            try await life.recover()
            try await owner.rotateToPromotion(id)
            try await owner.awaitConnection(id)
        }
    }

    @Test("ROT-4, AGT-5: the agent dies at a named point and strands itself never", arguments: FaultPoint.ofAgent)
    func agentDies(_ point: FaultPoint) async throws {
        try await Workbench.run { bench in
            let server = try await Server.start(on: bench)
            let owner = try await server.owner()
            try await owner.set(["rotation_ack_timeout_seconds": 5])
            let (id, installToken) = try await owner.createAgent("alpha")
            let daemon = Daemon(bench)
            let crash = ["CLAVIGER_CRASH_AT": point.name]

            let enrolment = try await daemon.enroll(at: server.url, with: installToken, environment: crash)
            if enrolment.ending != .code(0) {
                #expect(enrolment.ending == .signal(SIGKILL), "\(enrolment)")
                let again = try await daemon.enroll(at: server.url, with: installToken)
                #expect(again.ending == .code(0), "\(again)")
            } else {
                try await dieRunning(daemon, id, owner, crash, point)
            }
            try daemon.run()
            try await owner.awaitConnection(id)
            try await owner.rotateToPromotion(id)
        }
    }

    @Test(
        "OPS-2: a change of the master key that is killed half-way leaves a server that starts",
        arguments: FaultPoint.ofMasterKey
    )
    func masterKeyDies(_ point: FaultPoint) async throws {
        try await Workbench.run { bench in
            let server = try await Server.start(on: bench)
            let owner = try await server.owner()
            let (id, _) = try await owner.connectedAgent(bench)
            let arguments = ["master-key", "rotate"]
            let killed = try await bench.finish(
                Workbench.claviger,
                arguments,
                environment: server.hostEnvironment.merging(["CLAVIGER_CRASH_AT": point.name]) { $1 }
            )
            #expect(killed.ending == .signal(SIGKILL), "\(point.name) was not reached: \(killed)")
            try await server.kill()
            try await server.start()
            try await owner.awaitConnection(id)
            try await owner.rotateToPromotion(id)
            let again = try await bench.finish(Workbench.claviger, arguments, environment: server.hostEnvironment)
            #expect(again.ending == .code(0), "\(again)")
            try await server.restart()
            try await owner.awaitConnection(id)
        }
    }

    /// Lets the agent run into its point: connecting, being rotated, then being told to go.
    private func dieRunning(
        _ daemon: Daemon,
        _ id: String,
        _ owner: Operator,
        _ crash: [String: String],
        _ point: FaultPoint
    ) async throws {
        let program = try daemon.run(environment: crash)
        try? await eventually("connected or dead", within: .seconds(10)) {
            if program.ended != nil { return true }
            return try await owner.agent(id)["connection"].text == "connected"
        }
        if program.ended == nil { _ = try await owner.rotate(id, ["wait_seconds": 5]) }
        try? await eventually("dead", within: .seconds(5)) { program.ended != nil }
        #expect(program.ended == .signal(SIGKILL), "\(point.name) was not reached")
    }
}
