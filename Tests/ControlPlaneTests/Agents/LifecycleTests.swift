import ControlPlane
import Domain
import SQLDatabase
import Store
import StrictJSON
import Testing

@Suite("The life of an agent")
struct LifecycleTests {
    @Test(
        "REV-1: pause disconnects, withdraws the pending token, refuses every use; resume restores the same credentials"
    )
    func pause() async throws {
        try await ControlRoom.with { room in
            let agent = try await room.connectedAgent()
            try await agent.requestRotation()
            let sent = try agent.received()
            let connection = try #require(agent.channel).connection
            let paused = try await room.agents.pause(agent.id, reason: "holiday", caller: room.owner)
            #expect(paused.agent.state == .paused && !paused.isConnected)
            #expect(connection.closed == .paused)
            #expect(await refusal { try await agent.prove(sent.newToken) } != nil)
            agent.disconnect()
            #expect(await refusal { try await agent.connect() } == .suspendedToken)
            #expect(await refusal { try await agent.connect(with: sent.newToken) } == .suspendedToken)
            #expect(try await room.rotations.current(agent.id, caller: room.owner).rotation.state == .requested)
            #expect(await refusal { try await agent.requestRotation() } == .agentPaused)
            #expect(
                await refusal {
                    _ = try await room.agents.regenerateInstallToken(agent.id, caller: room.owner)
                } == .agentNotPending
            )
            _ = try await room.agents.pause(agent.id, reason: nil, caller: room.owner)
            _ = try await room.agents.resume(agent.id, reason: "all is well", caller: room.owner)
            _ = try await room.agents.resume(agent.id, caller: room.owner)
            let history = try await room.agents.events(agent.id, AgentEventQuery(limit: 200), caller: room.owner)
            let resumed = history.items.filter { $0.kind == .resumed }
            #expect(resumed.map(\.message) == ["Agent resumed. Reason: all is well"])
            #expect(await refusal { try await agent.connect(with: sent.newToken) } == .invalidToken)
            try await agent.connect()
            #expect(try agent.received().attempt == 2)
            try await agent.prove()
            #expect(try await room.auditActions().filter { $0 == "agent.pause" }.count == 1)
        }
    }

    @Test("REV-1, AGT-3: a pending agent can't be paused; illegal moves tell the current state")
    func illegalMoves() async throws {
        try await ControlRoom.with { room in
            let created = try await room.create()
            let id = created.agent.agent.id
            #expect(
                await refusal { _ = try await room.agents.pause(id, reason: nil, caller: room.owner) } == .agentPending
            )
            #expect(await refusal { _ = try await room.agents.resume(id, caller: room.owner) } == .agentPending)
            _ = try await room.agents.revoke(id, reason: nil, caller: room.owner)
            do throws(ControlPlaneError) {
                _ = try await room.agents.pause(id, reason: nil, caller: room.owner)
                Issue.record("accepted")
            } catch {
                #expect(error.code == .agentRevoked)
                #expect(error.details["current_state"] == "revoked")
            }
        }
    }

    @Test("ROT-10, REV-1: paused time does not count against the offline allowance")
    func pausedTime() async throws {
        try await ControlRoom.with(settings: [.agentOfflineAllowanceDays: 1]) { room in
            let agent = try await room.connectedAgent()
            _ = try await room.agents.pause(agent.id, reason: nil, caller: room.owner)
            agent.disconnect()
            room.clock.advance(.days(100))
            _ = try await room.agents.resume(agent.id, caller: room.owner)
            #expect(try await agent.connect().result.mode == .renewOnly)
            try await agent.prove()
            #expect(agent.channel?.connection.modes == [.full])
        }
    }

    @Test("REV-2: revoke kills every token in one transaction, closes the channel and is idempotent")
    func revoke() async throws {
        try await ControlRoom.with { room in
            let agent = try await room.connectedAgent()
            let old = agent.token
            try await agent.rotate()
            let current = agent.token
            try await agent.requestRotation(.immediate)
            let pending = try agent.received().newToken
            let connection = try #require(agent.channel).connection
            let receipt = try await room.agents.revoke(agent.id, reason: "stolen", caller: room.owner)
            #expect(receipt.agent.agent.state == .revoked)
            #expect(receipt.revokedCredentials == 2, "the agent's and the install credential")
            #expect(connection.closed == .revoked)
            for token in [old, current, pending] {
                #expect(await refusal { try await agent.connect(with: token) } == .revokedToken)
            }
            #expect(await refusal { try await agent.prove(pending) } != nil)
            let again = try await room.agents.revoke(agent.id, reason: nil, caller: room.owner)
            #expect(again.revokedCredentials == 0)
            #expect(try await room.rotations.current(agent.id, caller: room.owner).rotation.state == .cancelled)
            #expect(await refusal { try await agent.requestRotation() } == .agentRevoked)
            #expect(await refusal { _ = try await room.agents.resume(agent.id, caller: room.owner) } == .agentRevoked)
            #expect(try await !room.events(agent.id).contains(.retiredTokenUsed))
        }
    }

    @Test("REV-2: promote and revoke race, and revoke never loses")
    func promoteRace() async throws {
        try await ControlRoom.with { room in
            for round in 0..<50 {
                let agent = try await room.connectedAgent("Racer \(round)")
                try await agent.requestRotation()
                let sent = try agent.received().newToken
                async let proven = outcome { try await agent.prove(sent) }
                async let revoked = outcome { try await room.agents.revoke(agent.id, reason: nil, caller: room.owner) }
                let (_, receipt) = await (proven, revoked)
                #expect(receipt != nil)
                #expect(await refusal { try await agent.connect(with: sent) } == .revokedToken)
                #expect(agent.channel?.connection.closed == .revoked)
                #expect(try await room.credential(agent.credentialID).pending == nil)
            }
        }
    }

    @Test("REV-2: opening a channel and revoke race, and no channel of a revoked agent stays open")
    func openRace() async throws {
        try await ControlRoom.with { room in
            for round in 0..<50 {
                let agent = try await room.enrolledAgent("Racer \(round)")
                async let opened = outcome { try await agent.connect() }
                async let revoked = outcome { try await room.agents.revoke(agent.id, reason: nil, caller: room.owner) }
                let (channel, receipt) = await (opened, revoked)
                #expect(receipt != nil)
                if let channel { #expect(channel.connection.closed == .revoked) }
            }
        }
    }

    @Test(
        "AGT-6: reset from every state kills all tokens and begins anew with the same id",
        arguments: IdentityState.allCases
    )
    func reset(from state: IdentityState) async throws {
        try await ControlRoom.with { room in
            let agent = try await room.enrolledAgent()
            if state != .pending { try await agent.connect() }
            let connection = agent.channel?.connection
            if state == .paused { _ = try await room.agents.pause(agent.id, reason: nil, caller: room.owner) }
            if state == .revoked { _ = try await room.agents.revoke(agent.id, reason: nil, caller: room.owner) }
            let grant = try await room.agents.reset(agent.id, reason: "cloned", caller: room.owner)
            #expect(grant.agent.agent.id == agent.id)
            #expect(grant.agent.agent.state == .pending)
            if state == .active { #expect(connection?.closed == .reset) }
            #expect(await refusal { try await agent.connect() } == .revokedToken)
            let machine = TestMachine()
            let enrolled = try await room.enrol(grant, as: machine)
            #expect(enrolled.credentialID != agent.credentialID)
            try await TestAgent(room: room, machine: machine, enrolled: enrolled).connect()
            #expect(try await room.events(agent.id).contains(.created))
        }
    }

    @Test("AGT-9: delete disconnects, kills all credentials, keeps the history and never frees the id")
    func delete() async throws {
        try await ControlRoom.with { room in
            let agent = try await room.connectedAgent()
            let connection = try #require(agent.channel).connection
            try await room.agents.delete(agent.id, caller: room.owner)
            #expect(connection.closed == .deleted)
            #expect(await refusal { try await agent.connect() } == .revokedToken)
            #expect(await refusal { _ = try await room.agents.get(agent.id, caller: room.owner) } == .notFound)
            #expect(await refusal { try await room.agents.delete(agent.id, caller: room.owner) } == .notFound)
            _ = try await room.create("Agent")
            let id = agent.id
            let kept = try await room.database.read { tx in try AgentStore.get(id, includingDeleted: true, in: tx) }
            #expect(kept?.deletedAt != nil)
            #expect(try await room.auditActions().contains("agent.delete"))
        }
    }

    @Test("AUD-1: an operation without its permission is refused and audited, and changes nothing")
    func denials() async throws {
        try await ControlRoom.with { room in
            let agent = try await room.connectedAgent()
            let reader = room.caller(PermissionSet(.agentsRead))
            let calls: [@Sendable () async throws -> Void] = [
                { _ = try await room.agents.create(AgentDraft(name: "x"), caller: reader) },
                { _ = try await room.agents.pause(agent.id, reason: nil, caller: reader) },
                { _ = try await room.agents.resume(agent.id, caller: reader) },
                { _ = try await room.agents.revoke(agent.id, reason: nil, caller: reader) },
                { _ = try await room.agents.reset(agent.id, reason: nil, caller: reader) },
                { _ = try await room.agents.regenerateInstallToken(agent.id, caller: reader) },
                { try await room.agents.delete(agent.id, caller: reader) },
                { _ = try await room.agents.replace(agent.id, with: AgentDraft(name: "x"), caller: reader) },
                { _ = try await room.rotations.rotate(agent.id, request: RotationRequest(), caller: reader) },
                { _ = try await room.rotations.cancel(agent.id, caller: reader) },
                { _ = try await room.rotations.endGrace(agent.id, caller: reader) },
            ]
            let before = try await room.auditActions().count
            for call in calls { #expect(await refusal(call) == .permissionDenied) }
            #expect(try await room.auditActions().count == before + calls.count)
            #expect(
                await refusal { _ = try await room.agents.get(agent.id, caller: room.caller([])) } == .permissionDenied
            )
        }
    }

    @Test("ORG-1: an agent of another workspace answers like one that does not exist")
    func otherWorkspace() async throws {
        try await ControlRoom.with { room in
            let agent = try await room.connectedAgent()
            let other = Caller.system(
                job: "x",
                requestID: "r",
                organizationID: room.context.ids.next(),
                workspaceID: room.context.ids.next()
            )
            #expect(await refusal { _ = try await room.agents.get(agent.id, caller: other) } == .notFound)
            #expect(
                await refusal { _ = try await room.agents.revoke(agent.id, reason: nil, caller: other) } == .notFound
            )
        }
    }
}
