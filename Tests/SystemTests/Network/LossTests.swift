import Glibc
import Synchronization
import Testing

@Suite("Cut, swallowed and delayed connections")
struct LossTests {
    @Test("AGT-5: a lost enrolment answer never strands at birth")
    func lostEnrolmentAnswer() async throws {
        try await Workbench.run { bench in
            let server = try await Server.start(on: bench)
            let owner = try await server.owner()
            let proxy = try await Proxy.start(on: bench, before: server)
            let (id, installToken) = try await owner.createAgent("alpha")
            let lost = Counter()
            proxy.onItsWayToClient { text in
                guard text.contains("agent_token") else { return .pass }
                return lost.next() <= 2 ? .cut : .pass
            }
            let daemon = Daemon(bench)
            var attempts = 0
            repeat {
                attempts += 1
                let enrolment = try await daemon.enroll(at: proxy.url, with: installToken)
                if enrolment.ending == .code(0) { break }
            } while attempts < 5
            #expect(lost.count >= 3)
            try daemon.run()
            try await owner.awaitConnection(id)
            try await owner.rotateToPromotion(id)
        }
    }

    /// A frame on its way, and what becomes of it.
    struct Loss: Sendable, CustomTestStringConvertible {
        let frame: String
        let verdict: Verdict
        var testDescription: String { "\(frame), \(verdict)" }
    }

    static let losses = ["agent.rotate_token", "\"generation\"", "agent.challenge", "\"mode\""].flatMap { frame in
        [Verdict.cut, .drop, .passThenCut].map { Loss(frame: frame, verdict: $0) }
    }

    @Test("ROT-4: losing one of the server's frames strands nobody", arguments: losses)
    func lostFrame(_ loss: Loss) async throws {
        try await Workbench.run { bench in
            let server = try await Server.start(
                on: bench,
                environment: ["CLAVIGER_CHANNEL_PING_SECONDS": "1", "CLAVIGER_CHANNEL_IDLE_SECONDS": "4"]
            )
            let owner = try await server.owner()
            try await owner.set(["rotation_ack_timeout_seconds": 5])
            let proxy = try await Proxy.start(on: bench, before: server)
            let (id, daemon) = try await owner.connectedAgent(bench, through: proxy.url)
            let lost = Counter()
            proxy.onItsWayToClient { text in
                guard text.contains(loss.frame) else { return .pass }
                return lost.next() == 1 ? loss.verdict : .pass
            }
            if ["agent.challenge", "\"mode\""].contains(loss.frame) { proxy.cutAll() }
            _ = try await owner.rotate(id, ["wait_seconds": 5])
            try await owner.awaitPromotion(id)
            #expect(lost.count >= 1)
            #expect(try daemon.program().ended == nil)
            try await owner.rotateToPromotion(id)
        }
    }

    @Test("ROT-4: a lost acknowledgement cancels nothing and never strands the agent")
    func lostAcknowledgement() async throws {
        try await Workbench.run { bench in
            let server = try await Server.start(on: bench)
            let owner = try await server.owner()
            try await owner.set(["rotation_ack_timeout_seconds": 5])
            let proxy = try await Proxy.start(on: bench, before: server)
            let (id, daemon) = try await owner.connectedAgent(bench, through: proxy.url)
            let issued = Mutex(false)
            proxy.onItsWayToClient { text in
                if text.contains("agent.rotate_token") { issued.withLock { $0 = true } }
                return .pass
            }
            proxy.onItsWayToServer { _ in issued.withLock { $0 } ? .drop : .pass }
            let reply = try await owner.rotate(id, ["wait_seconds": 5])
            #expect(reply.status == 202)
            #expect(reply.body["agent_notified"].bool == false)
            #expect(try await owner.rotationState(id) != "cancelled")

            proxy.pass()
            proxy.cutAll()
            proxy.pass()
            try await owner.awaitPromotion(id)
            #expect(try daemon.program().ended == nil)
            try await owner.rotateToPromotion(id)
        }
    }

    @Test("AGT-7: an agent whose network went silent comes back by itself when it returns")
    func silence() async throws {
        try await Workbench.run { bench in
            let server = try await Server.start(
                on: bench,
                environment: ["CLAVIGER_CHANNEL_PING_SECONDS": "1", "CLAVIGER_CHANNEL_IDLE_SECONDS": "3"]
            )
            let owner = try await server.owner()
            let proxy = try await Proxy.start(on: bench, before: server)
            let (id, _) = try await owner.connectedAgent(bench, through: proxy.url)
            proxy.blackhole()
            try await owner.awaitConnection(id, "disconnected")
            #expect(try await owner.rotate(id).status == 202)
            proxy.cutAll(andRefuse: true)
            try await Task.sleep(for: .seconds(3))
            proxy.pass()
            try await owner.awaitConnection(id)
            try await owner.awaitPromotion(id)
        }
    }

    @Test("AGT-7: a slow network delays a rotation and breaks nothing")
    func slowness() async throws {
        try await Workbench.run { bench in
            let server = try await Server.start(on: bench)
            let owner = try await server.owner()
            let proxy = try await Proxy.start(on: bench, before: server)
            let (id, _) = try await owner.connectedAgent(bench, through: proxy.url)
            proxy.delay(milliseconds: 400)
            #expect(try await owner.rotate(id, ["wait_seconds": 20]).expecting(200)["agent_notified"].bool == true)
            try await owner.awaitPromotion(id)
        }
    }

    @Test(
        "AGT-7, ROT-4: a server that restarts during a rotation finishes it afterwards",
        arguments: [SIGTERM, SIGKILL]
    )
    func restartDuringRotation(_ signal: Int32) async throws {
        try await Workbench.run { bench in
            let server = try await Server.start(on: bench)
            let owner = try await server.owner()
            let proxy = try await Proxy.start(on: bench, before: server)
            let (id, daemon) = try await owner.connectedAgent(bench, through: proxy.url)
            let issued = Counter()
            proxy.onItsWayToClient { text in
                guard text.contains("agent.rotate_token") else { return .pass }
                return issued.next() == 1 ? .drop : .pass
            }
            async let rotating = try? owner.rotate(id, ["wait_seconds": 5])
            try await eventually("the new token is on its way") { issued.count > 0 }
            if signal == SIGTERM { try await server.stop() } else { try await server.kill() }
            _ = await rotating
            try await server.start()
            try await owner.awaitConnection(id)
            try await owner.awaitPromotion(id)
            #expect(try daemon.program().ended == nil)
            try await owner.rotateToPromotion(id)
        }
    }
}

/// Counts across threads.
final class Counter: Sendable {
    private let value = Mutex(0)
    var count: Int { value.withLock { $0 } }

    func next() -> Int {
        value.withLock { value in
            value += 1
            return value
        }
    }
}
