import ControlPlane
import Domain
import Store
import Testing

@Suite("Enrolment")
struct EnrolmentTests {
    @Test("AGT-2: creating an agent gives an install token for 30 minutes, once")
    func create() async throws {
        try await ControlRoom.with { room in
            let created = try await room.create("Billing Bot")
            #expect(created.token.kind == .install)
            #expect(created.expiresAt == room.clock.now() + .minutes(30))
            #expect(created.agent.agent.profile.slug == "billing-bot")
            #expect(created.agent.agent.state == .pending)
            #expect(await refusal { _ = try await room.create("Billing Bot") } == .slugTaken)
            #expect(try await room.auditActions() == ["agent.create"])
        }
    }

    @Test("AGT-1: every faulty field of a draft is named")
    func faults() async throws {
        try await ControlRoom.with { room in
            var draft = AgentDraft(name: "")
            draft.slug = "No Slug"
            draft.inputSchema = #"{"type": 7}"#
            draft.triggerModes = ["sometimes"]
            let wrong = draft
            do throws(ControlPlaneError) {
                _ = try await room.agents.create(wrong, caller: room.owner)
                Issue.record("accepted")
            } catch {
                let paths = error.fields.map(\.path)
                #expect(paths == ["/name", "/slug", "/input_schema/type", "/trigger_modes/0"])
            }
        }
    }

    @Test("AGT-2: an expired install token enrols nobody; a regenerated one kills the old at once")
    func installTokenLife() async throws {
        try await ControlRoom.with(settings: [.installTokenMinutes: 1]) { room in
            let created = try await room.create()
            room.clock.advance(.minutes(1))
            let machine = TestMachine()
            #expect(await refusal { _ = try await room.enrol(created, as: machine) } == .expiredToken)
            let again = try await room.agents.regenerateInstallToken(created.agent.agent.id, caller: room.owner)
            #expect(await refusal { _ = try await room.enrol(created, as: machine) } == .revokedToken)
            _ = try await room.enrol(again, as: machine)
        }
    }

    @Test("AGT-5: a lost answer never strands at birth: the same pair gets a fresh agent token until one was used")
    func lostAnswer() async throws {
        try await ControlRoom.with { room in
            let created = try await room.create()
            let machine = TestMachine()
            let lost = try await room.enrol(created, as: machine)
            let fresh = try await room.enrol(created, as: machine)
            #expect(fresh.credentialID == lost.credentialID)
            #expect(fresh.token != lost.token)
            let agent = TestAgent(room: room, machine: machine, enrolled: fresh)
            #expect(await refusal { try await agent.connect(with: lost.token) } == .invalidToken)
            #expect(try await room.agents.get(agent.id, caller: room.owner).agent.state == .pending)
            try await agent.connect()
            #expect(try await room.agents.get(agent.id, caller: room.owner).agent.state == .active)
            #expect(await refusal { _ = try await room.enrol(created, as: machine) } == .installTokenUsed)
        }
    }

    @Test("AGT-5: an install token used by a second machine is refused, and that is an event")
    func secondMachine() async throws {
        try await ControlRoom.with { room in
            let created = try await room.create()
            let machine = TestMachine()
            _ = try await room.enrol(created, as: machine)
            #expect(await refusal { _ = try await room.enrol(created, as: TestMachine()) } == .installTokenUsed)
            #expect(try await room.events(created.agent.agent.id).contains(.installTokenRefused))
            var copied = machine.enrolment(created.token.revealed())
            copied = EnrolmentRequest(
                installToken: copied.installToken,
                enrolmentID: copied.enrolmentID,
                publicKey: TestMachine().enrolment("").publicKey,
                statement: copied.statement
            )
            let otherKey = copied
            #expect(
                await refusal {
                    _ = try await room.agents.enroll(otherKey, caller: room.stranger)
                } == .installTokenUsed
            )
            // A machine that asks again and again fills neither the history nor the trail (AUD-1).
            let kinds = try await room.events(created.agent.agent.id)
            #expect(kinds.filter { $0 == .installTokenRefused }.count == 1)
        }
    }

    @Test("AGT-5: regenerating is refused once an agent token was used")
    func regenerateNotPending() async throws {
        try await ControlRoom.with { room in
            let agent = try await room.connectedAgent()
            #expect(
                await refusal {
                    _ = try await room.agents.regenerateInstallToken(agent.id, caller: room.owner)
                } == .agentNotPending
            )
        }
    }

    @Test("AGT-4: bad enrolments are refused by field; other kinds of token enrol nobody")
    func badEnrolments() async throws {
        try await ControlRoom.with { room in
            let created = try await room.create()
            let text = created.token.revealed()
            let bad = EnrolmentRequest(
                installToken: text,
                enrolmentID: "short",
                publicKey: [1],
                statement: AgentStatement()
            )
            do throws(ControlPlaneError) {
                _ = try await room.agents.enroll(bad, caller: room.stranger)
                Issue.record("accepted")
            } catch {
                #expect(error.fields.map(\.path) == ["/enrolment_id", "/public_key"])
            }
            let machine = TestMachine()
            for kind in TokenKind.allCases where kind != .install {
                let other = Token.make(kind, random: .system).revealed()
                #expect(
                    await refusal {
                        _ = try await room.agents.enroll(machine.enrolment(other), caller: room.stranger)
                    } == .wrongCredentialKind
                )
            }
            let unknown = Token.make(.install, random: .system).revealed()
            #expect(
                await refusal {
                    _ = try await room.agents.enroll(machine.enrolment(unknown), caller: room.stranger)
                } == .invalidToken
            )
            #expect(
                await refusal {
                    _ = try await room.agents.enroll(machine.enrolment("garbage"), caller: room.stranger)
                } == .invalidToken
            )
        }
    }

    @Test("AGT-5: when enrolment races with revoke, regenerate, reset and delete, exactly one wins")
    func races() async throws {
        try await ControlRoom.with { room in
            for round in 0..<50 {
                let created = try await room.create("Racer \(round)")
                let id = created.agent.agent.id
                let machine = TestMachine()
                async let enrolled = outcome { try await room.enrol(created, as: machine) }
                async let regenerated = outcome {
                    try await room.agents.regenerateInstallToken(id, caller: room.owner)
                }
                async let ended = outcome { () -> Bool in
                    switch round % 3 {
                    case 0: _ = try await room.agents.revoke(id, reason: nil, caller: room.owner)
                    case 1: try await room.agents.delete(id, caller: room.owner)
                    default: _ = try await room.agents.reset(id, reason: nil, caller: room.owner)
                    }
                    return true
                }
                let (enrolment, fresh, end) = await (enrolled, regenerated, ended)
                #expect(end != nil, "revoke, delete and reset win every race")
                if let enrolment {
                    let agent = TestAgent(room: room, machine: machine, enrolled: enrolment)
                    #expect(await refusal { try await agent.connect() } == .revokedToken)
                }
                #expect(await refusal { _ = try await room.enrol(created, as: machine) } == .revokedToken)
                // After a reset a regeneration may come last; otherwise its token is dead too.
                if let fresh, round % 3 != 2 {
                    #expect(await refusal { _ = try await room.enrol(fresh, as: machine) } == .revokedToken)
                }
            }
        }
    }
}

/// The answer of a call, or `nil` if it throws.
func outcome<T: Sendable>(_ body: @Sendable () async throws -> T) async -> T? {
    try? await body()
}
