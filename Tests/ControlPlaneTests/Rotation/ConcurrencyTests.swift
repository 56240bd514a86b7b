import ControlPlane
import Crypto
import Domain
import SQLDatabase
import Store
import StrictJSON
import Testing

/// A connection whose frames a test's own task takes, as an event loop would.
final class LiveConnection: AgentConnection {
    private let continuation: AsyncStream<RotateCommand>.Continuation
    let rotations: AsyncStream<RotateCommand>

    init() {
        (rotations, continuation) = AsyncStream.makeStream(of: RotateCommand.self)
    }

    func send(_ command: ChannelCommand) {
        if case .rotate(let command) = command { continuation.yield(command) }
    }

    func close(_ reason: ChannelCloseReason) { continuation.finish() }
}

@Suite("Many at once")
struct ConcurrencyTests {
    @Test("ROT-2: two requests that prove the same token at once promote it once")
    func twoProofs() async throws {
        try await ControlRoom.with { room in
            for round in 0..<20 {
                let agent = try await room.connectedAgent("Agent \(round)")
                try await agent.requestRotation()
                let token = try agent.received().newToken
                async let first = outcome { try await agent.prove(token) }
                async let second = outcome { try await agent.prove(token) }
                let generations = await [first, second]
                #expect(generations == [2, 2])
                let kinds = try await room.events(agent.id)
                #expect(kinds.filter { $0 == .rotated }.count == 1)
                #expect(try await room.credential(agent.credentialID).previous?.generation == 1)
            }
        }
    }

    @Test("ROT-5: of many requests at once exactly one begins a rotation, and the others hear its id")
    func manyRequests() async throws {
        try await ControlRoom.with { room in
            let agent = try await room.connectedAgent()
            let ids = await withTaskGroup(of: (RotationID?, Bool).self) { group in
                for _ in 0..<20 {
                    group.addTask {
                        do throws(ControlPlaneError) {
                            let request = RotationRequest(waitSeconds: 0)
                            let receipt = try await room.rotations.rotate(
                                agent.id,
                                request: request,
                                caller: room.owner
                            )
                            return (receipt.rotationID, true)
                        } catch {
                            guard case .string(let id) = error.details["rotation_id"] else { return (nil, false) }
                            return (RotationID(id), false)
                        }
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(ids.filter(\.1).count == 1)
            #expect(Set(ids.map(\.0)).count == 1)
            await room.dispatcher.issueWaiting()
            #expect(agent.channel?.connection.rotations.count == 1)
        }
    }

    @Test("ROT-1, ROT-9: the dispatcher as a service rotates 100 agents at its rate, and stops")
    func dispatcherRuns() async throws {
        try await ControlRoom.with(settings: [.rotationRatePerSecond: 1000]) { room in
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await room.dispatcher.run() }
                let done = AsyncStream.makeStream(of: CredentialID.self)
                for number in 0..<100 {
                    let agent = try await room.enrolledAgent("Agent \(number)")
                    let connection = LiveConnection()
                    let session = try await agent.openLive(connection)
                    group.addTask {
                        for await command in connection.rotations {
                            await room.channels.rotationAnswered(
                                session,
                                rotationID: command.rotationID,
                                attempt: command.attempt,
                                answer: .stored
                            )
                            let text = command.newToken.revealed()
                            if (try? await room.channels.authenticate(session, token: text)) == 2 {
                                done.continuation.yield(session.credentialID)
                            }
                        }
                    }
                }
                room.clock.advance(.days(6) + .hours(20))
                #expect(try await room.scheduler.runOnce() == 100)
                var promoted: Set<CredentialID> = []
                for await id in done.stream {
                    promoted.insert(id)
                    if promoted.count == 100 { break }
                }
                #expect(room.channels.liveCount == 100)
                room.channels.closeAll(.shutdown)
                group.cancelAll()
            }
            let states = RotationState.allCases.filter(\.isRunning)
            let left = try await room.database.read { tx in
                try RotationStore.running(in: states, limit: 1000, in: tx)
            }
            #expect(left.elements.isEmpty)
        }
    }

    @Test("AUD-2: no token stands in any event, audit row or error")
    func noSecrets() async throws {
        try await ControlRoom.with { room in
            let created = try await room.create("Secret")
            let machine = TestMachine()
            let agent = TestAgent(room: room, machine: machine, enrolled: try await room.enrol(created, as: machine))
            let tokens = [created.token, agent.token]
            try await agent.connect()
            try await agent.requestRotation()
            let sent = try agent.received().newToken
            try await agent.answerError("could not write \(sent.revealed())")
            _ = try await room.agents.revoke(agent.id, reason: "leaked \(sent.revealed())", caller: room.owner)
            let secrets = (tokens + [sent]).map { $0.revealed() }
            let events = try await room.agents.events(agent.id, AgentEventQuery(limit: 200), caller: room.owner)
            let organization = room.organization
            let audit = try await room.database.read { tx in
                try AuditStore.list(organization: organization, limit: 200, in: tx).elements
            }
            let rotation = try await room.rotations.current(agent.id, caller: room.owner)
            let text = "\(events.items) \(audit) \(rotation)"
            for secret in secrets { #expect(!text.contains(secret)) }
        }
    }
}

extension TestAgent {
    /// Opens a channel on a connection of the test's own.
    func openLive(_ connection: LiveConnection) async throws -> ChannelSession {
        let ticket = try await room.channels.admit(token: token.revealed(), address: nil, requestID: "req_open")
        let nonce = [UInt8](repeating: 4, count: 32)
        let message =
            Array("claviger-channel-v1".utf8) + nonce + Array(ticket.credentialID.text.utf8)
            + Array(SHA256.hash(data: Array(token.revealed().utf8)))
        let hello = ChannelHello(
            challenge: message,
            signature: Array(try machine.key.signature(for: message)),
            statement: AgentStatement(hostname: machine.hostname)
        )
        let (session, _) = try await room.channels.open(ticket, hello: hello, connection: connection)
        room.channels.opened(session)
        return session
    }
}
