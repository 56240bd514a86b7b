import ControlPlane
import Crypto
import Domain
import Store
import Testing

@Suite("Channels")
struct ChannelTests {
    @Test("A copied agent token opens no channel without the agent's key, and gets no token issued")
    func copiedToken() async throws {
        try await ControlRoom.with { room in
            let agent = try await room.enrolledAgent()
            let thief = Curve25519.Signing.PrivateKey()
            #expect(await refusal { try await agent.connect(key: thief) } == .proofFailed)
            #expect(try await room.agents.get(agent.id, caller: room.owner).agent.state == .pending)
            #expect(room.channels.liveCount == 0)
        }
    }

    @Test("Only an agent token opens a channel; garbage and unknown tokens are invalid")
    func otherKinds() async throws {
        try await ControlRoom.with { room in
            let created = try await room.create()
            let texts = [
                (created.token.revealed(), ControlPlaneError.Code.wrongCredentialKind),
                (Token.make(.agent, random: .system).revealed(), .invalidToken),
                ("", .invalidToken), ("clv_ag_", .invalidToken),
            ]
            for (text, code) in texts {
                #expect(
                    await refusal {
                        _ = try await room.channels.admit(token: text, address: nil, requestID: "r")
                    } == code
                )
            }
        }
    }

    @Test("A pending token is good for nothing before the channel: it promotes only there")
    func pendingToken() async throws {
        try await ControlRoom.with { room in
            let agent = try await room.connectedAgent()
            try await agent.requestRotation()
            let sent = try agent.received()
            _ = try await room.channels.admit(token: sent.newToken.revealed(), address: nil, requestID: "r")
            #expect(try await room.credential(agent.credentialID).generation == 1)
        }
    }

    @Test("A newer channel of a credential replaces the older one")
    func replaced() async throws {
        try await ControlRoom.with { room in
            let agent = try await room.connectedAgent()
            let first = try #require(agent.channel)
            room.clock.advance(.minutes(10))
            let second = try await agent.connect()
            #expect(first.connection.closed == .replaced)
            #expect(second.connection.closed == nil)
            room.channels.closed(first.session)
            #expect(room.channels.isConnected(agent.id))
            let error = await refusal {
                _ = try await room.channels.authenticate(first.session, token: agent.token.revealed())
            }
            #expect(error == .unavailable)
        }
    }

    @Test("ROT-8, AUD-1: a copied token without its agent's key is told in the agent's history, once a minute")
    func failedProof() async throws {
        try await ControlRoom.with { room in
            let agent = try await room.connectedAgent()
            for _ in 0..<3 {
                #expect(await refusal { try await agent.connect(key: TestMachine().key) } == .proofFailed)
            }
            #expect(try await room.events(agent.id).filter { $0 == .error }.count == 1)
            #expect(agent.channel?.connection.closed == nil)
        }
    }

    @Test("ROT-8: three mutual replacements within five minutes stop rotation of the credential and raise an alert")
    func contention() async throws {
        try await ControlRoom.with { room in
            let agent = try await room.connectedAgent()
            for _ in 0..<3 { try await agent.connect() }
            #expect(try await room.events(agent.id).contains(.channelContention))
            #expect(await refusal { try await agent.requestRotation() } == .illegalTransition)
            #expect(try await room.scheduler.runOnce() == 0)
            _ = try await room.agents.resume(agent.id, caller: room.owner)
            try await agent.rotate()
        }
    }

    @Test("ROT-8, AGT-7: a machine that roams from address to address replaces its channels and is no contention")
    func roaming() async throws {
        try await ControlRoom.with { room in
            let agent = try await room.connectedAgent()
            for number in 1...6 { try await agent.connect(address: "203.0.113.\(number)") }
            #expect(try await !room.events(agent.id).contains(.channelContention))
            try await agent.rotate()
        }
    }

    @Test("ROT-11: a forced-out token that its own agent shows does not hide a thief's later use of it")
    func theftAfterForce() async throws {
        try await ControlRoom.with { room in
            let agent = try await room.connectedAgent()
            let old = agent.token
            try await agent.requestRotation(.force)
            func show() async -> ControlPlaneError.Code? {
                await refusal {
                    _ = try await room.channels.admit(token: old.revealed(), address: "203.0.113.9", requestID: "r")
                }
            }
            #expect(await show() == .rotatedOutToken)
            #expect(try await !room.events(agent.id).contains(.retiredTokenUsed))
            try await agent.prove()
            #expect(await show() == .rotatedOutToken)
            #expect(try await room.events(agent.id).filter { $0 == .retiredTokenUsed }.count == 1)
        }
    }

    @Test("ROT-10: a live channel becomes renew-only at its token's expiry and full again at promotion")
    func expiryOnLiveChannel() async throws {
        try await ControlRoom.with { room in
            let agent = try await room.connectedAgent()
            let channel = try #require(agent.channel)
            #expect(channel.result.mode == .full)
            room.clock.advance(.days(7) - .microseconds(1))
            await room.dispatcher.turn()
            #expect(channel.connection.modes.isEmpty)
            room.clock.advance(.microseconds(1))
            await room.dispatcher.turn()
            #expect(channel.connection.modes == [.renewOnly])
            await room.dispatcher.issueWaiting()
            try await agent.prove()
            #expect(channel.connection.modes == [.renewOnly, .full])
        }
    }

    @Test("ROT-10: an agent that was away past its expiry renews by itself; past the allowance it is refused")
    func offlineAllowance() async throws {
        try await ControlRoom.with { room in
            let agent = try await room.connectedAgent()
            agent.disconnect()
            room.clock.advance(.days(37) - .microseconds(1))
            let channel = try await agent.connect()
            #expect(channel.result.mode == .renewOnly)
            #expect(channel.result.settings.isEmpty)
            room.clock.advance(.microseconds(1))
            await room.dispatcher.turn()
            #expect(channel.connection.closed == .expired)
            agent.disconnect()
            #expect(await refusal { try await agent.connect() } == .expiredToken)
            let view = try await room.agents.get(agent.id, caller: room.owner)
            #expect(view.needsReset && !view.isConnected)
        }
    }

    @Test("ROT-11: use of a retired token is refused and counted, one event for many uses, and harms nobody")
    func retiredToken() async throws {
        try await ControlRoom.with { room in
            let agent = try await room.connectedAgent()
            let old = agent.token
            try await agent.rotate()
            room.clock.advance(.minutes(5))
            try await agent.rotate()
            room.clock.advance(.minutes(5))
            for _ in 0..<5 {
                #expect(
                    await refusal {
                        _ = try await room.channels.admit(token: old.revealed(), address: "203.0.113.9", requestID: "r")
                    } == .rotatedOutToken
                )
            }
            #expect(try await room.events(agent.id).filter { $0 == .retiredTokenUsed }.count == 1)
            #expect(agent.channel?.connection.closed == nil)
            #expect(try await room.agents.get(agent.id, caller: room.owner).agent.state == .active)
        }
    }

    @Test("AGT-8: coming and going are events, written in one batch")
    func presence() async throws {
        try await ControlRoom.with { room in
            let agent = try await room.connectedAgent()
            await room.dispatcher.turn()
            agent.disconnect()
            await room.dispatcher.turn()
            let kinds = try await room.events(agent.id)
            #expect(kinds.contains(.enrolled) && kinds.contains(.connected) && kinds.contains(.disconnected))
            let view = try await room.agents.get(agent.id, caller: room.owner)
            #expect(view.presence?.isConnected == false)
            #expect(!view.isConnected)
        }
    }

    @Test("AGT-3: a connected agent was last seen when its channel was last heard, not when it came")
    func lastSeen() async throws {
        try await ControlRoom.with { room in
            let agent = try await room.connectedAgent()
            await room.dispatcher.turn()
            let came = try await room.agents.get(agent.id, caller: room.owner).presence
            room.clock.advance(.seconds(40))
            room.channels.heartbeat(try #require(agent.channel).session)
            let view = try await room.agents.get(agent.id, caller: room.owner)
            #expect(view.presence?.lastSeenAt == room.clock.now())
            #expect(view.presence?.changedAt == came?.changedAt)
        }
    }

    @Test("ROT-9: the scheduler rotates connected agents in their lead, and leaves no trace of those offline")
    func scheduler() async throws {
        try await ControlRoom.with { room in
            let near = try await room.connectedAgent("Near")
            let away = try await room.connectedAgent("Away")
            away.disconnect()
            #expect(try await room.scheduler.runOnce() == 0)
            let lead = RotationPolicy().lead
            room.clock.advance(.days(7) - lead - .microseconds(1))
            #expect(try await room.scheduler.runOnce() == 0)
            let before = try await room.auditActions().count
            room.clock.advance(.microseconds(1))
            #expect(try await room.scheduler.runOnce() == 1)
            await room.dispatcher.issueWaiting()
            try await near.prove()
            #expect(try await !room.events(away.id).contains(.rotationRequested))
            #expect(try await room.auditActions().count == before + 2)
            #expect(try await room.scheduler.runOnce() == 0)
        }
    }

    @Test("ROT-9: a shortened period makes older tokens due; the scheduler runs on the node with the lease only")
    func schedulerLease() async throws {
        try await ControlRoom.with { room in
            _ = try await room.connectedAgent()
            let other = try room.another("node-2").scheduler
            #expect(try await room.scheduler.runOnce() == 0)
            room.clock.advance(.minutes(1))
            room.settings.change(.agentTokenRotationDays, to: 1)
            room.clock.advance(.hours(22))
            #expect(try await other.runOnce() == 1)
            #expect(try await room.scheduler.runOnce() == 0)
            #expect(try await other.runOnce() == 0)
        }
    }

    @Test("REV-3: a change made by another process closes the channel at the follower's next look")
    func otherProcess() async throws {
        try await ControlRoom.with { room in
            let agent = try await room.connectedAgent()
            let follower = ChangeFollower(channels: room.channels)
            var position = ChangeFollower.Position()
            await follower.poll(&position)
            let host = AgentService(
                context: room.context,
                channels: ChannelService(context: room.context, settings: { OrganizationSettings() })
            )
            _ = try await host.revoke(agent.id, reason: nil, caller: room.owner)
            #expect(agent.channel?.connection.closed == nil)
            await follower.poll(&position)
            #expect(agent.channel?.connection.closed == .revoked)
        }
    }

    @Test("REV-3: a rotation asked for by another process is issued on this node's channel")
    func otherProcessRotates() async throws {
        try await ControlRoom.with { room in
            let agent = try await room.connectedAgent()
            let follower = ChangeFollower(channels: room.channels)
            var position = ChangeFollower.Position()
            await follower.poll(&position)
            let elsewhere = ChannelService(context: room.context, settings: { OrganizationSettings() })
            _ = try await RotationService(context: room.context, channels: elsewhere)
                .rotate(agent.id, request: RotationRequest(), caller: room.owner)
            await follower.poll(&position)
            await room.dispatcher.issueWaiting()
            try await agent.prove()
        }
    }
}
