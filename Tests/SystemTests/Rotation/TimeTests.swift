import Testing

@Suite("Rotation in time")
struct TimeTests {
    static let day = 86_400

    @Test("ROT-3: the old token works until its grace ends and not a second longer")
    func grace() async throws {
        try await Workbench.run { bench in
            let (server, owner, id, daemon) = try await Server.startWithAgent(on: bench)
            let old = try #require(daemon.storedTokens().first)
            try await owner.rotateAtOnce(id)

            #expect(try await server.knock(with: old).status == 101)
            try await server.moveClock(to: 290)
            #expect(try await server.knock(with: old).status == 101)
            try await server.moveClock(to: 301)
            let door = try await server.knock(with: old)
            #expect(door.status == 401)
            #expect(door.code == "RotatedOutToken")
            try await owner.awaitConnection(id)
        }
    }

    @Test("ROT-10: an agent that was away past its token's expiry renews by itself")
    func renewsItself() async throws {
        try await Workbench.run { bench in
            let server = try await Server.start(on: bench)
            let (id, daemon) = try await server.owner().connectedAgent(bench)
            let old = daemon.storedTokens()
            try await daemon.kill()
            try await server.moveClock(to: 10 * Self.day)
            let owner = try await server.signIn()
            try daemon.run()
            try await eventually("the token was renewed", within: .seconds(30)) {
                !daemon.storedTokens().isSubset(of: old)
            }
            try await owner.awaitPromotion(id)
            try await owner.awaitConnection(id)
        }
    }

    @Test("ROT-10: past the offline allowance the agent is refused, keeps its tokens, and shows that it needs a reset")
    func pastAllowance() async throws {
        try await Workbench.run { bench in
            let server = try await Server.start(on: bench)
            let (id, daemon) = try await server.owner().connectedAgent(bench)
            let tokens = daemon.storedTokens()
            try await daemon.kill()
            try await server.moveClock(to: 38 * Self.day)
            let owner = try await server.signIn()
            for token in tokens { #expect(try await server.knock(with: token).code == "ExpiredToken") }
            try daemon.run()
            try await Task.sleep(for: .seconds(2))
            #expect(daemon.storedTokens() == tokens)
            #expect(try await owner.agent(id)["needs_reset"].bool == true)
        }
    }

    @Test("ROT-10: a live channel becomes renew-only when its token expires")
    func liveChannelExpires() async throws {
        try await Workbench.run { bench in
            let server = try await Server.start(on: bench)
            let owner = try await server.owner()
            let (id, agent) = try await owner.enrolledPythonAgent(bench)
            let running = try agent.run("refuse")
            #expect(try await running.awaitEvent("connected")["mode"].text == "full")
            try await server.moveClock(to: 7 * Self.day + 60)
            try await eventually("the mode is told", within: .seconds(20)) {
                running.events.contains {
                    $0["method"].text == "agent.mode" && $0["params"]["mode"].text == "renew-only"
                }
            }
            #expect(try await agent.probe("current")["mode"].text == "renew-only")
            #expect(try await server.signIn().agent(id)["status"].text == "active")
        }
    }

    @Test("ROT-10, REV-1: time spent paused does not count against the allowance")
    func pausedTime() async throws {
        try await Workbench.run { bench in
            let (server, first, id, daemon) = try await Server.startWithAgent(on: bench)
            let before = daemon.storedTokens()
            _ = try await first.act(id, "pause").expecting(200)
            try await daemon.kill()
            try await server.moveClock(to: 60 * Self.day)
            let owner = try await server.signIn()
            _ = try await owner.act(id, "resume").expecting(200)
            try daemon.run()
            try await owner.awaitConnection(id)
            try await eventually("the token was renewed", within: .seconds(30)) {
                !daemon.storedTokens().isSubset(of: before)
            }
        }
    }

    @Test("ROT-7: a rotation of a disconnected agent waits, and happens when it comes back")
    func queued() async throws {
        try await Workbench.run { bench in
            let (_, owner, id, daemon) = try await Server.startWithAgent(on: bench)
            try await daemon.kill()
            try await owner.awaitConnection(id, "disconnected")
            #expect(try await owner.rotate(id, ["require_connected": true]).code == "AgentNotConnected")
            let receipt = try await owner.rotate(id).expecting(202)
            #expect(receipt["agent_notified"].bool == false)
            #expect(try await owner.rotate(id).code == "RotationInProgress")
            try daemon.run()
            try await owner.awaitPromotion(id)
        }
    }

    @Test("ROT-9: the scheduler rotates a connected agent before its token expires, without anybody asking")
    func scheduled() async throws {
        try await Workbench.run { bench in
            let server = try await Server.start(on: bench)
            let first = try await server.owner()
            try await first.set(["rotation_check_interval_seconds": 10])
            let (id, daemon) = try await first.connectedAgent(bench)
            let before = daemon.storedTokens()
            try await server.stop()
            try server.setClock(offset: 6 * Self.day + 20 * 3600)
            try await server.start()
            let owner = try await server.signIn()
            try await eventually("the scheduler has rotated", within: .seconds(60)) {
                !daemon.storedTokens().isSubset(of: before)
            }
            try await owner.awaitConnection(id)
        }
    }

    @Test("ROT-8: immediate gives no grace; force needs confirmation and is refused for a disconnected agent")
    func urgentModes() async throws {
        try await Workbench.run { bench in
            let (server, owner, id, daemon) = try await Server.startWithAgent(on: bench)
            let old = try #require(daemon.storedTokens().first)
            _ = try await owner.rotate(id, ["mode": "immediate"]).expecting(200)
            try await owner.awaitPromotion(id)
            #expect(try await server.knock(with: old).status == 401)

            #expect(try await owner.rotate(id, ["mode": "force"]).code == "ConfirmationRequired")
            try await daemon.kill()
            try await owner.awaitConnection(id, "disconnected")
            let refused = try await owner.rotate(id, ["mode": "force", "confirm": true])
            #expect(refused.code == "AgentNotConnected")
        }
    }
}

extension Operator {
    /// Rotates a connected agent, to the promotion.
    func rotateAtOnce(_ id: String) async throws {
        _ = try await rotate(id).expecting(200)
        try await awaitPromotion(id)
    }

    /// Waits until the latest rotation is promoted.
    func awaitPromotion(_ id: String) async throws {
        try await awaitRotation(id, "promoted")
    }

    func awaitRotation(_ id: String, _ state: String) async throws {
        do {
            try await eventually("the rotation of \(id) is \(state)", within: .seconds(30)) {
                try await rotationState(id) == state
            }
        } catch {
            throw Failure("\(error)\n\(try await rotation(id).text)\n\(try await events(id))")
        }
    }

    func rotationState(_ id: String) async throws -> String? {
        let body = try await rotation(id).body
        return body["rotation"]["state"].text ?? body["state"].text
    }
}
