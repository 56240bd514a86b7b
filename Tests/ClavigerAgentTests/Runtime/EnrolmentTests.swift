import ClavigerAgent
import ClavigerWire
import Logging
import Testing

@Suite("Enrolment")
struct EnrolmentTests {
    @Test("AGT-4: the agent states itself, and stores key, credential and token")
    func enrols() async throws {
        try await AgentBench.run { bench in
            let enrolment = try await bench.agent(withInstallToken: true).enroll()
            #expect(enrolment.agentID == "agt_1" && !enrolment.wasEnrolledBefore)
            let request = try #require(bench.plane.with { $0.enrolments.first })
            #expect(Base64URL.decode(request.enrolmentID)?.count == 32)
            #expect(Base64URL.decode(request.publicKey)?.count == 32)
            #expect(request.os == "linux" && request.hostname != nil && request.arch != nil && request.version != nil)
            let state = try bench.stored()
            #expect(state.isEnrolled && state.credentialID == "crd_1" && state.server == bench.server.url)
            #expect(state.shelf.confirmed?.text.revealed() == FakeControlPlane.token(1))
        }
    }

    @Test("AGT-5: a lost answer is asked for again with the same pair, in one process and in the next")
    func lostAnswer() async throws {
        try await AgentBench.run { bench in
            bench.plane.with { $0.enrolReplies = [.drop, .answer(503), .drop, .drop, .drop] }
            await #expect(throws: AgentError(.unreachable, "")) { try await bench.enroll() }
            #expect(try !bench.stored().isEnrolled)
            try await bench.enroll()
            let pairs = bench.plane.with { Set($0.enrolments.map { $0.enrolmentID + $0.publicKey }) }
            #expect(pairs.count == 1)
            #expect(try bench.stored().shelf.confirmed?.text.revealed() == bench.plane.with { $0.current })
        }
    }

    @Test("AGT-5: an install token that another machine used is explained")
    func used() async throws {
        try await AgentBench.run { bench in
            bench.plane.with { $0.enrolmentID = "another machine's" }
            let error = await #expect(throws: AgentError.self) { try await bench.enroll() }
            #expect(error?.code == .enrolmentRefused)
            #expect(error?.message.contains("InstallTokenUsed") == true)
            #expect(bench.plane.with { $0.enrolments.count } == 1, "a refusal is not tried again")
        }
    }

    static let refusals: [FakeReply] = [
        .problem(401, "InvalidToken"), .problem(401, "ExpiredToken"), .problem(409, "AgentNotPending"), .answer(404),
        .json(201, "{}"), .json(200, "[]"), .answer(201, [], "no JSON"),
    ]

    @Test("AGT-5: a refused enrolment says so at once and keeps nothing but the pair", arguments: refusals.indices)
    func refused(index: Int) async throws {
        try await AgentBench.run { bench in
            bench.plane.with { $0.enrolReplies = [Self.refusals[index]] }
            await #expect(throws: AgentError(.enrolmentRefused, "")) { try await bench.enroll() }
            let state = try bench.stored()
            #expect(state.shelf.isEmpty)
        }
    }

    @Test("AGT-2: an enrolled machine is left alone")
    func enrolledBefore() async throws {
        try await AgentBench.run { bench in
            try await bench.enroll()
            let before = try bench.stored()
            let again = try await bench.agent(withInstallToken: true).enroll()
            #expect(again.wasEnrolledBefore && again.agentID == "agt_1")
            #expect(try bench.stored() == before)
            #expect(bench.plane.with { $0.enrolments.count } == 1)
        }
    }

    @Test("AGT-7: `run` with an install token enrols first and connects")
    func runEnrols() async throws {
        try await AgentBench.run { bench in
            try await bench.running(withInstallToken: true) {
                try await bench.eventually("connected") { $0.accepted == 1 }
            }
        }
    }

    @Test("REV-2: after enrolment a token goes to its own server, whatever the environment names")
    func ownServer() async throws {
        try await AgentBench.run { bench in
            try await bench.enroll()
            let configuration = AgentConfiguration(
                enrolmentServer: "http://127.0.0.1:1",
                stateDirectory: bench.folder,
                metadata: .off
            )
            let agent = Agent(configuration: configuration, logger: Logger(label: "test"))
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await agent.run() }
                try await bench.eventually("connected to the stored server") { $0.accepted == 1 }
                group.cancelAll()
                try await group.waitForAll()
            }
        }
    }

    @Test("an agent without credential and install token says what to do")
    func notEnrolled() async throws {
        try await AgentBench.run { bench in
            await #expect(throws: AgentError(.notEnrolled, "")) { try await bench.agent().run() }
        }
    }

    @Test("OPS-3: plain http to another machine is refused before anything is sent")
    func plainHTTP() async throws {
        try await TemporaryFolder.useAsync { folder in
            let agent = Agent(
                configuration: AgentConfiguration(
                    server: "http://keys.example",
                    stateDirectory: folder + "/state",
                    metadata: .off
                ),
                installToken: "clv_in_x",
                logger: .init(label: "test")
            )
            await #expect(throws: AgentError(.badSetting, "")) { try await agent.enroll() }
        }
    }
}
