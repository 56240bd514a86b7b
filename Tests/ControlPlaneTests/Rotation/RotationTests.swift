import ControlPlane
import Domain
import SQLDatabase
import Store
import Testing

@Suite("Rotation through the control plane")
struct RotationTests {
    @Test("ROT-1, ROT-2: a connected agent is rotated on its channel, and the proof promotes")
    func wholeRotation() async throws {
        try await ControlRoom.with { room in
            let agent = try await room.connectedAgent()
            let old = agent.token
            try await agent.requestRotation()
            let sent = try agent.received()
            #expect(sent.attempt == 1)
            #expect(sent.gracePeriodSeconds == 300)
            let issued = try await room.rotations.current(agent.id, caller: room.owner).rotation
            #expect(issued.state == .issued)
            #expect(issued.issuedAt != nil)
            try await agent.answerStored()
            #expect(try await agent.prove() == 2)
            let done = try await room.rotations.current(agent.id, caller: room.owner).rotation
            #expect(done.state == .promoted)
            #expect(done.deliveredAt != nil && done.storedAt != nil && done.promotedAt != nil)
            let credential = try await room.credential(agent.credentialID)
            #expect(credential.current?.stamp.prefix == sent.newToken.prefix)
            #expect(credential.previous?.stamp.prefix == old.prefix)
            #expect(credential.pending == nil)
            #expect(agent.channel?.connection.closed == nil)
            let kinds = try await room.events(agent.id)
            #expect(kinds.contains(.rotationRequested) && kinds.contains(.tokenIssued) && kinds.contains(.rotated))
            let actions = try await room.auditActions()
            #expect(actions.contains("rotation.request") && actions.contains("rotation.promote"))
        }
    }

    @Test("ROT-2: opening a channel with the pending token promotes it")
    func promotionByOpening() async throws {
        try await ControlRoom.with { room in
            let agent = try await room.connectedAgent()
            try await agent.requestRotation()
            let sent = try agent.received()
            agent.disconnect()
            let channel = try await agent.connect(with: sent.newToken)
            #expect(channel.result.generation == 2)
            #expect(try await room.rotations.current(agent.id, caller: room.owner).rotation.state == .promoted)
        }
    }

    @Test("ROT-3: the previous token opens a channel without rotation until its grace ends, then nothing")
    func grace() async throws {
        try await ControlRoom.with { room in
            let agent = try await room.connectedAgent()
            let old = agent.token
            try await agent.rotate()
            agent.disconnect()
            room.clock.advance(.minutes(5) - .seconds(1))
            let channel = try await agent.connect(with: old)
            #expect(channel.result.mode == .renewOnly)
            #expect(channel.connection.rotations.isEmpty)
            room.clock.advance(.seconds(1))
            await room.dispatcher.turn()
            #expect(channel.connection.closed == .reconnect)
            #expect(await refusal { try await agent.connect(with: old) } == .rotatedOutToken)
        }
    }

    @Test("ROT-3: a graceful rotation within the grace is refused with its end; end-grace ends it at once")
    func graceRefusesRotation() async throws {
        try await ControlRoom.with { room in
            let agent = try await room.connectedAgent()
            let old = agent.token
            try await agent.rotate()
            #expect(await refusal { try await agent.requestRotation() } == .previousTokenInGrace)
            #expect(try await room.rotations.endGrace(agent.id, caller: room.owner))
            #expect(try await !room.rotations.endGrace(agent.id, caller: room.owner))
            #expect(try await room.agents.get(agent.id, caller: room.owner).previousValidUntil == nil)
            #expect(await refusal { try await agent.connect(with: old) } == .rotatedOutToken)
            try await agent.requestRotation()
        }
    }

    @Test(
        "ROT-4: reconnecting with the current token issues anew: same rotation, next attempt, the lost token withdrawn"
    )
    func newIssueOnReconnect() async throws {
        try await ControlRoom.with { room in
            let agent = try await room.connectedAgent()
            try await agent.requestRotation()
            let lost = try agent.received()
            agent.disconnect()
            try await agent.connect()
            let again = try agent.received()
            #expect(again.rotationID == lost.rotationID)
            #expect(again.attempt == 2)
            #expect(again.newToken != lost.newToken)
            #expect(await refusal { try await agent.connect(with: lost.newToken) } == .invalidToken)
            #expect(try await !room.events(agent.id).contains(.retiredTokenUsed))
        }
    }

    @Test("ROT-4: a lost acknowledgement is sent again on the same channel, then the channel is closed to reconnect")
    func lostAcknowledgement() async throws {
        try await ControlRoom.with { room in
            let agent = try await room.connectedAgent()
            try await agent.requestRotation()
            let connection = try #require(agent.channel).connection
            room.clock.advance(.seconds(30))
            await room.dispatcher.turn()
            #expect(connection.rotations.count == 2)
            #expect(connection.rotations[0].newToken == connection.rotations[1].newToken)
            #expect(connection.rotations[0].attempt == connection.rotations[1].attempt)
            #expect(try await room.rotations.current(agent.id, caller: room.owner).rotation.state.isRunning)
            room.clock.advance(.seconds(30))
            await room.dispatcher.turn()
            #expect(connection.closed == .reconnect)
            #expect(try await room.rotations.current(agent.id, caller: room.owner).rotation.state.isRunning)
        }
    }

    @Test("ROT-4: a refused proof makes the server issue anew; three of them close the channel")
    func refusedProof() async throws {
        try await ControlRoom.with { room in
            let agent = try await room.connectedAgent()
            try await agent.requestRotation()
            let first = try agent.received()
            let stranger = Token.make(.agent, random: .system)
            for attempt in 2...3 {
                #expect(await refusal { try await agent.prove(stranger) } == .invalidToken)
                await room.dispatcher.issueWaiting()
                #expect(try agent.received().attempt == attempt)
            }
            #expect(await refusal { try await agent.prove(first.newToken) } == .invalidToken)
            #expect(agent.channel?.connection.closed == .protocolError)
        }
    }

    @Test("ROT-4: an agent whose newest token the server does not know is rotated at once")
    func supersededToken() async throws {
        try await ControlRoom.with { room in
            let agent = try await room.connectedAgent()
            agent.disconnect()
            try await agent.connect(superseded: true)
            #expect(try agent.received().attempt == 1)
            #expect(try await room.rotations.current(agent.id, caller: room.owner).rotation.origin == .renewal)
        }
    }

    @Test("ROT-4: a pending token past its life is refused as invalid, and the rotation is expired")
    func pendingLife() async throws {
        try await ControlRoom.with(settings: [.agentOfflineAllowanceDays: 1]) { room in
            let agent = try await room.connectedAgent()
            try await agent.requestRotation()
            let sent = try agent.received()
            agent.disconnect()
            room.clock.advance(.days(8))
            #expect(await refusal { try await agent.connect(with: sent.newToken) } == .invalidToken)
            #expect(await refusal { try await agent.connect() } == .expiredToken)
            try await room.scheduler.runOnce()
            #expect(try await room.rotations.current(agent.id, caller: room.owner).rotation.state == .expired)
            #expect(try await room.agents.get(agent.id, caller: room.owner).needsReset)
        }
    }

    @Test("ROT-5: equal urgency is refused with the running id, higher urgency raises it")
    func oneInFlight() async throws {
        try await ControlRoom.with { room in
            let agent = try await room.enrolledAgent()
            try await agent.connect()
            agent.disconnect()
            let first = try await agent.requestRotation()
            #expect(await refusal { try await agent.requestRotation() } == .rotationInProgress)
            let raised = try await agent.requestRotation(.immediate)
            #expect(raised.rotationID == first.rotationID)
            #expect(raised.mode == .immediate)
            #expect(await refusal { try await agent.requestRotation(.graceful) } == .rotationInProgress)
        }
    }

    @Test("ROT-6: an error of the agent withdraws the token, keeps the current one and backs off")
    func agentError() async throws {
        try await ControlRoom.with { room in
            let agent = try await room.connectedAgent()
            for attempt in 1...4 {
                try await agent.requestRotation()
                let sent = try agent.received()
                try await agent.answerError("disk full clv_ag_ secret")
                let view = try await room.rotations.current(agent.id, caller: room.owner)
                let rotation = view.rotation
                #expect(rotation.state == .failed)
                #expect(rotation.error?.contains("disk full") == true)
                #expect(await refusal { try await agent.prove(sent.newToken) } == .invalidToken)
                let credential = try await room.credential(agent.credentialID)
                #expect(credential.consecutiveFailures == attempt && view.failures == attempt)
                #expect(view.nextAttemptAt == credential.retryAt && view.nextAttemptAt != nil)
                if attempt < 3 { try await agent.connect() }
            }
            let kinds = try await room.events(agent.id)
            #expect(kinds.filter { $0 == .rotationFailed }.count == 3)
            #expect(kinds.filter { $0 == .error }.count == 1)
            try await agent.connect()
        }
    }

    @Test("ROT-6: the scheduler tries again after the back-off, and not before")
    func retryAfterFailure() async throws {
        try await ControlRoom.with { room in
            let agent = try await room.connectedAgent()
            try await agent.requestRotation()
            try await agent.answerError("no")
            #expect(try await room.scheduler.runOnce() == 0)
            room.clock.advance(.seconds(10))
            #expect(try await room.scheduler.runOnce() == 1)
        }
    }

    @Test("ROT-6: a live channel is tried again quickly after each failure, and after three once an interval")
    func retryOnChannel() async throws {
        try await ControlRoom.with { room in
            let agent = try await room.connectedAgent()
            try await agent.requestRotation()
            for delay in [10, 20] {
                try await agent.answerError("no")
                room.clock.advance(.seconds(delay) - .microseconds(1))
                await room.dispatcher.turn()
                await room.dispatcher.issueWaiting()
                let count = try #require(agent.channel).connection.rotations.count
                room.clock.advance(.microseconds(1))
                await room.dispatcher.turn()
                await room.dispatcher.issueWaiting()
                #expect(try #require(agent.channel).connection.rotations.count == count + 1)
            }
            try await agent.answerError("no")
            let credential = try await room.credential(agent.credentialID)
            #expect(credential.retryAt == room.clock.now() + .hours(1))
            #expect(try await room.auditActions().filter { $0 == "rotation.request" }.count == 3)
        }
    }

    @Test("ROT-15: a request whose rotation is cancelled while it waits is told so, not answered as queued")
    func cancelledWhileWaiting() async throws {
        try await ControlRoom.with { room in
            let agent = try await room.connectedAgent()
            async let answer = refusal {
                _ = try await room.rotations.rotate(
                    agent.id,
                    request: RotationRequest(mode: .graceful, waitSeconds: 20),
                    caller: room.owner
                )
            }
            while await refusal({ _ = try await room.rotations.cancel(agent.id, caller: room.owner) }) != nil {
                try await Task.sleep(for: .milliseconds(5))
            }
            #expect(await answer == .illegalTransition)
        }
    }

    @Test("ROT-6: a late failure of another attempt, or after the token was stored, counts for nothing")
    func lateFailure() async throws {
        try await ControlRoom.with { room in
            let agent = try await room.connectedAgent()
            try await agent.requestRotation()
            let sent = try agent.received()
            let session = try #require(agent.channel).session
            await room.channels.rotationFailed(session, rotationID: sent.rotationID, attempt: 9, error: "no")
            try await agent.answerStored()
            await room.channels.rotationFailed(session, rotationID: sent.rotationID, attempt: 1, error: "no")
            try await agent.prove()
        }
    }

    @Test("ROT-7: a disconnected agent's rotation waits without a token; require_connected queues nothing")
    func disconnected() async throws {
        try await ControlRoom.with { room in
            let agent = try await room.connectedAgent()
            agent.disconnect()
            let code = await refusal { try await agent.requestRotation(requireConnected: true) }
            #expect(code == .agentNotConnected)
            let latest = await refusal { _ = try await room.rotations.current(agent.id, caller: room.owner) }
            #expect(latest == .noRotation)
            let receipt = try await agent.requestRotation()
            #expect(!receipt.agentNotified && receipt.state == .requested)
            #expect(try await room.credential(agent.credentialID).pending == nil)
            room.clock.advance(.days(6))
            try await agent.connect()
            try await agent.prove()
        }
    }

    @Test("ROT-8: immediate gives no grace")
    func immediate() async throws {
        try await ControlRoom.with { room in
            let agent = try await room.connectedAgent()
            let old = agent.token
            try await agent.rotate(.immediate)
            #expect(try await room.credential(agent.credentialID).previous == nil)
            #expect(await refusal { try await agent.connect(with: old) } == .rotatedOutToken)
        }
    }

    @Test("ROT-8: force kills the old token at once, wants a confirmation, and is refused for a disconnected agent")
    func force() async throws {
        try await ControlRoom.with { room in
            let agent = try await room.connectedAgent()
            let old = agent.token
            let code = await refusal { try await agent.requestRotation(.force, isConfirmed: false) }
            #expect(code == .confirmationRequired)
            try await agent.requestRotation(.force)
            #expect(
                await refusal {
                    _ = try await room.channels.admit(
                        token: old.revealed(),
                        address: nil,
                        requestID: "r"
                    )
                } == .rotatedOutToken
            )
            #expect(try await !room.events(agent.id).contains(.retiredTokenUsed))
            #expect(
                await refusal {
                    _ = try await room.rotations.cancel(agent.id, caller: room.owner)
                } == .illegalTransition
            )
            try await agent.prove()
            agent.disconnect()
            #expect(await refusal { try await agent.requestRotation(.force) } == .agentNotConnected)
        }
    }

    @Test("ROT-12: a credential without expiry works on and is not rotated by force")
    func withoutExpiry() async throws {
        try await ControlRoom.with { room in
            let agent = try await room.connectedAgent()
            var credential = try await room.credential(agent.credentialID)
            credential.current?.expiresAt = nil
            credential.version += 1
            let changed = credential
            let won = try await room.database.write { tx in
                try CredentialStore.update(changed, expectedGeneration: 1, version: changed.version - 1, in: tx)
            }
            #expect(won)
            room.clock.advance(.days(1000))
            #expect(try await room.scheduler.runOnce() == 0)
            agent.disconnect()
            #expect(try await agent.connect().result.mode == .full)
        }
    }

    @Test("ROT-14: a stuck rotation is cancelled by hand, and the agent that stored the token falls back")
    func cancel() async throws {
        try await ControlRoom.with { room in
            let agent = try await room.connectedAgent()
            try await agent.requestRotation()
            let sent = try agent.received()
            agent.disconnect()
            #expect(try await room.rotations.cancel(agent.id, caller: room.owner).rotation.state == .cancelled)
            #expect(await refusal { try await agent.connect(with: sent.newToken) } == .invalidToken)
            try await agent.connect(superseded: true)
            try await agent.prove()
            #expect(
                await refusal {
                    _ = try await room.rotations.cancel(agent.id, caller: room.owner)
                } == .noRotation
            )
        }
    }

    @Test("ROT-15: the request waits for the agent: stored is notified, an error is RotationFailed, silence is queued")
    func waiting() async throws {
        try await ControlRoom.with { room in
            let agent = try await room.connectedAgent()
            let request = RotationRequest(waitSeconds: 5)
            async let stored = room.rotations.rotate(agent.id, request: request, caller: room.owner)
            try await agent.answers { try await agent.answerStored() }
            let receipt = try await stored
            #expect(receipt.agentNotified && receipt.state == .stored)
            try await agent.prove()
            _ = try await room.rotations.endGrace(agent.id, caller: room.owner)
            async let failed = refusal {
                _ = try await room.rotations.rotate(agent.id, request: request, caller: room.owner)
            }
            try await agent.answers { try await agent.answerError("disk full") }
            #expect(await failed == .rotationFailed)
            let silent = try await agent.requestRotation()
            #expect(!silent.agentNotified)
        }
    }
}

extension TestAgent {
    /// Waits until the request of another task has been issued, then answers it.
    func answers(_ answer: () async throws -> Void) async throws {
        let before = channel?.connection.rotations.count ?? 0
        while channel?.connection.rotations.count == before {
            await room.dispatcher.issueWaiting()
            await Task.yield()
        }
        try await answer()
    }
}
