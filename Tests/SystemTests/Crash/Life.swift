import Glibc

/// The life of one agent, from enrolment to its end, that a server may die in the middle of.
struct Life: Sendable {
    let owner: Operator
    let id: String
    let installToken: String
    let daemon: Daemon

    /// Takes the agent through everything that changes a credential, until the server is gone.
    func liveUntilDeath(of server: Program) async throws {
        let steps: [@Sendable () async throws -> Void] = [
            { _ = try await daemon.enroll(at: owner.server.url, with: installToken) },
            {
                try daemon.run()
                try await owner.awaitConnection(id)
            },
            {
                _ = try await owner.rotate(id, ["wait_seconds": 5])
                try await owner.awaitPromotion(id)
            },
            { _ = try await owner.act(id, "tokens/end-grace") },
            {
                try await daemon.kill()
                try await owner.awaitConnection(id, "disconnected")
                _ = try await owner.rotate(id)
                _ = try await owner.api.delete("/api/v1/agents/\(id)/rotation")
                try daemon.run()
                try await owner.awaitConnection(id)
            },
            { _ = try await owner.act(id, "pause") },
            {
                _ = try await owner.act(id, "resume")
                try await daemon.kill()
                try daemon.run()
                try await owner.awaitConnection(id)
            },
            { _ = try await owner.act(id, "reset") },
            { _ = try await owner.act(id, "regenerate-token") },
            { _ = try await owner.act(id, "tokens/revoke") },
            { try await createAndDelete() },
        ]
        for step in steps where server.ended == nil {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { try? await step() }
                group.addTask {
                    while server.ended == nil, !Task.isCancelled { try? await Task.sleep(for: .milliseconds(10)) }
                }
                await group.next()
                group.cancelAll()
            }
        }
    }

    private func createAndDelete() async throws {
        let other = try await owner.createAgent("beta")
        _ = try await owner.api.delete("/api/v1/agents/" + other.id)
    }

    /// Brings the agent back by nothing but what an operator of that state would do.
    ///
    /// An active agent has to come back without any help; only one that was reset or revoked gets some.
    func recover() async throws {
        let status = try await owner.agent(id)["status"].text
        let wasReset = try await owner.events(id).contains("reset")
        let mayNeedHelp = status == "revoked" || wasReset
        if status == "paused" { _ = try await owner.act(id, "resume").expecting(200) }
        if daemon.storedTokens().isEmpty, !mayNeedHelp {
            let enrolment = try await daemon.enroll(at: owner.server.url, with: installToken)
            guard enrolment.ending == .code(0) else { throw Failure("stranded at birth: \(enrolment)") }
        }
        if try await comesBack() { return }
        guard mayNeedHelp else { throw Failure("a living agent did not come back") }
        let reset = try await owner.act(id, "reset").expecting(200)
        let enrolment = try await daemon.enroll(at: owner.server.url, with: try reset.string("install_token"))
        guard enrolment.ending == .code(0) else { throw Failure("reset did not help: \(enrolment)") }
        guard try await comesBack() else { throw Failure("enrolled again and yet not connected") }
    }

    /// Starts the daemon anew and tells whether it connects; false if it ends or does not in time.
    ///
    /// Among several nodes the channels of one that died count as connected for a while: only a new one is a proof.
    private func comesBack() async throws -> Bool {
        try? await daemon.kill()
        let before = try await connections()
        let program = try daemon.run()
        let deadline = ContinuousClock.now + .seconds(20)
        while program.ended == nil, ContinuousClock.now < deadline {
            if try await connections() > before, try await owner.agent(id)["connection"].text == "connected" {
                return true
            }
            try await Task.sleep(for: .milliseconds(50))
        }
        return false
    }

    /// How often the agent has connected so far.
    private func connections() async throws -> Int {
        try await owner.events(id).filter { $0 == "connected" }.count
    }
}
