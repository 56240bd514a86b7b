import ControlPlane
import Domain
import SQLDatabase
import Store
import Testing

@Suite("Several nodes on one database")
struct NodeTests {
    /// Two nodes; the agent's channel is on the first.
    private static func with(
        _ body: (_ holder: ControlRoom, _ other: ControlRoom, _ agent: TestAgent) async throws -> Void
    ) async throws {
        try await ControlRoom.with { holder in
            let other = try holder.another("node-2")
            try await holder.nodes.turn()
            try await other.nodes.turn()
            try await body(holder, other, try await holder.connectedAgent())
        }
    }

    @Test("DST-3: an agent of another node is rotated, and the caller hears that it has its token")
    func rotateElsewhere() async throws {
        try await Self.with { holder, other, agent in
            var (here, there) = (await holder.followed(), await other.followed())
            async let receipt = other.rotations.rotate(agent.id, request: RotationRequest(), caller: other.owner)
            while agent.channel?.connection.rotations.isEmpty == true {
                await holder.follower.poll(&here)
                await holder.dispatcher.issueWaiting()
            }
            try await agent.prove()
            await other.follower.poll(&there)
            let heard = try await receipt
            #expect(heard.state == .promoted)
            #expect(heard.agentNotified)
        }
    }

    @Test("DST-3, ROT-14: a rotation that was cancelled and asked for anew between two polls is issued all the same")
    func renewedBetweenPolls() async throws {
        try await Self.with { holder, other, agent in
            var here = await holder.followed()
            let request = RotationRequest(waitSeconds: 0)
            let first = try await other.rotations.rotate(agent.id, request: request, caller: other.owner)
            await holder.follower.poll(&here)
            await holder.dispatcher.issueWaiting()
            #expect(agent.channel?.connection.rotations.last?.rotationID == first.rotationID)
            holder.clock.advance(.milliseconds(10))

            _ = try await other.rotations.cancel(agent.id, caller: other.owner)
            let second = try await other.rotations.rotate(agent.id, request: request, caller: other.owner)
            await holder.follower.poll(&here)
            await holder.dispatcher.issueWaiting()
            #expect(agent.channel?.connection.rotations.last?.rotationID == second.rotationID)
            try await agent.prove()
        }
    }

    @Test("DST-3: a channel stays open though the news of its agent's enrolment comes while it opens")
    func opensAmidNews() async throws {
        try await Self.with { holder, other, _ in
            for number in 1...20 {
                var here = await holder.followed()
                let agent = TestAgent(room: holder, moved: try await other.enrolledAgent("agent-\(number)"))
                async let opened = agent.connect()
                await holder.follower.poll(&here)
                _ = try await opened
                await holder.dispatcher.turn()
                #expect(agent.channel?.connection.closed == nil)
            }
        }
    }

    @Test("DST-3: a rotation that fails on the agent's node fails where it was asked for, with the agent's reason")
    func failureElsewhere() async throws {
        try await Self.with { holder, other, agent in
            var (here, there) = (await holder.followed(), await other.followed())
            async let code = refusal {
                _ = try await other.rotations.rotate(agent.id, request: RotationRequest(), caller: other.owner)
            }
            while agent.channel?.connection.rotations.isEmpty == true {
                await holder.follower.poll(&here)
                await holder.dispatcher.issueWaiting()
            }
            try await agent.answerError("no space left")
            await other.follower.poll(&there)
            #expect(await code == .rotationFailed)
        }
    }

    @Test("DST-3: an agent is shown as connected on every node, and force is let through for it")
    func shownElsewhere() async throws {
        try await Self.with { holder, other, agent in
            #expect(try await other.agents.get(agent.id, caller: other.owner).isConnected)
            let request = RotationRequest(mode: .force, waitSeconds: 0, requireConnected: true, isConfirmed: true)
            let receipt = try await other.rotations.rotate(agent.id, request: request, caller: other.owner)
            #expect(receipt.agentNotified == false)
            agent.disconnect()
            await holder.dispatcher.turn()
            #expect(try await !other.agents.get(agent.id, caller: other.owner).isConnected)
        }
    }

    @Test("DST-3: the newest channel is the live one, on whichever node; the older node closes its own")
    func replacedElsewhere() async throws {
        try await Self.with { holder, other, agent in
            var here = await holder.followed()
            let moved = TestAgent(room: other, moved: agent)
            try await moved.connect()
            await holder.follower.poll(&here)
            #expect(agent.channel?.connection.closed == .replaced)
            #expect(moved.channel?.connection.closed == nil)
            agent.disconnect()
            await holder.dispatcher.turn()
            #expect(try await holder.agents.get(agent.id, caller: holder.owner).isConnected)
            try await moved.rotate()
        }
    }

    @Test("DST-3: a node that has not yet heard of the newer channel issues nothing on the older")
    func fencedIssue() async throws {
        try await Self.with { holder, other, agent in
            let moved = TestAgent(room: other, moved: agent)
            try await moved.connect()
            var there = await other.followed()
            let request = RotationRequest(waitSeconds: 0)
            _ = try await holder.rotations.rotate(agent.id, request: request, caller: holder.owner)
            await holder.dispatcher.issueWaiting()
            #expect(agent.channel?.connection.rotations.isEmpty == true)
            await other.follower.poll(&there)
            await other.dispatcher.issueWaiting()
            try await moved.prove()
        }
    }

    @Test("ROT-8: two machines that throw each other out on different nodes are found out")
    func contentionAcrossNodes() async throws {
        try await Self.with { holder, other, agent in
            let thief = TestAgent(room: other, moved: agent)
            for _ in 0..<3 {
                try await thief.connect(address: "203.0.113.66")
                try await agent.connect()
            }
            #expect(try await holder.events(agent.id).contains(.channelContention))
        }
    }

    @Test("REV-1, REV-2, REV-3: what another node pauses, revokes, resets or deletes is closed at the next poll")
    func endedElsewhere() async throws {
        let ends: [(ChannelCloseReason, @Sendable (ControlRoom, AgentID) async throws -> Void)] = [
            (.paused, { _ = try await $0.agents.pause($1, reason: nil, caller: $0.owner) }),
            (.revoked, { _ = try await $0.agents.revoke($1, reason: nil, caller: $0.owner) }),
            (.reset, { _ = try await $0.agents.reset($1, reason: nil, caller: $0.owner) }),
            (.deleted, { try await $0.agents.delete($1, caller: $0.owner) }),
        ]
        for (reason, end) in ends {
            try await Self.with { holder, other, agent in
                var here = await holder.followed()
                try await end(other, agent.id)
                await holder.follower.poll(&here)
                #expect(agent.channel?.connection.closed == reason)
            }
        }
    }

    @Test("ROT-9: the scheduler of one node rotates agents whose channels are on others")
    func schedulerElsewhere() async throws {
        try await Self.with { holder, other, agent in
            var here = await holder.followed()
            holder.clock.advance(.days(6) + .hours(20))
            #expect(try await other.scheduler.runOnce() == 1)
            #expect(try await holder.scheduler.runOnce() == 0)
            await holder.follower.poll(&here)
            await holder.dispatcher.issueWaiting()
            try await agent.prove()
        }
    }

    @Test("DST-3: the agents of a node that is silent for ten seconds are disconnected, and said so once")
    func silentNode() async throws {
        try await Self.with { holder, other, agent in
            holder.clock.advance(.seconds(10) - .microseconds(1))
            try await other.nodes.turn()
            #expect(try await other.agents.get(agent.id, caller: other.owner).isConnected)
            holder.clock.advance(.microseconds(1))
            try await other.nodes.turn()
            try await other.nodes.turn()
            #expect(try await !other.agents.get(agent.id, caller: other.owner).isConnected)
            #expect(try await other.events(agent.id).filter { $0 == .disconnected }.count == 1)
        }
    }

    @Test("DST-3: a node that was taken for gone says again which channels it holds, and ends those that were replaced")
    func awakened() async throws {
        try await Self.with { holder, other, agent in
            let second = try await holder.connectedAgent("Second")
            holder.clock.advance(.seconds(11))
            try await other.nodes.turn()
            let moved = TestAgent(room: other, moved: agent)
            try await moved.connect()
            try await holder.nodes.turn()
            #expect(agent.channel?.connection.closed == .replaced)
            #expect(second.channel?.connection.closed == nil)
            #expect(try await other.agents.get(second.id, caller: other.owner).isConnected)
            try await second.rotate()
        }
    }

    @Test("ROT-9: a lease is taken over when its holder is silent for ten seconds, and the old holder is fenced off")
    func fencedScheduler() async throws {
        try await Self.with { holder, other, _ in
            let lease = JobLease("job", context: holder.context, pace: .shared)
            let later = JobLease("job", context: other.context, pace: .shared)
            let first = try #require(try await lease.acquire())
            #expect(try await later.acquire() == nil)
            holder.clock.advance(.seconds(10))
            let second = try #require(try await later.acquire())
            #expect(second > first)
            #expect(try await lease.acquire() == nil)
            let isHeld = { @Sendable (room: ControlRoom, tenure: Int64) async throws in
                let node = room.context.node.id
                return try await room.database.write { tx in
                    try LeaseStore.isHeld("job", holder: node, tenure: tenure, in: tx)
                }
            }
            #expect(try await !isHeld(holder, first))
            #expect(try await isHeld(other, second))
            await later.release()
            #expect(later.tenure == nil)
            #expect(try await lease.acquire() == second + 1)
        }
    }

    @Test("DST-2: a follower that may have missed entries looks at everything again")
    func lookAtEverything() async throws {
        try await Self.with { holder, other, agent in
            var here = await holder.followed()
            _ = try await other.agents.revoke(agent.id, reason: nil, caller: other.owner)
            try await holder.database.write { tx in
                try ChangeLogStore.trim(before: .max, in: tx)
            }
            await holder.follower.poll(&here)
            #expect(agent.channel?.connection.closed == nil)
            holder.status.lookAtEverything()
            await holder.follower.poll(&here)
            #expect(agent.channel?.connection.closed == .revoked)
        }
    }
}
