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
            { _ = try await owner.act(id, "resume") },
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
    /// An active agent has to come back without any help; only one that a person paused, reset or revoked gets some.
    func recover() async throws {
        let status = try await owner.agent(id)["status"].text
        let enrolled = !daemon.storedTokens().isEmpty
        switch status {
        case "pending" where (try? daemon.program()) == nil:
            let enrolment = try await daemon.enroll(at: owner.server.url, with: installToken)
            guard enrolment.ending == .code(0) else { throw Failure("stranded at birth: \(enrolment)") }
        case "active", "paused":
            guard enrolled else { throw Failure("an active agent has lost its tokens") }
            if status == "paused" { _ = try await owner.act(id, "resume").expecting(200) }
        default:
            let reset = try await owner.act(id, "reset").expecting(200)
            try? await daemon.kill()
            let enrolment = try await daemon.enroll(at: owner.server.url, with: try reset.string("install_token"))
            guard enrolment.ending == .code(0) else { throw Failure("reset did not help: \(enrolment)") }
        }
        if (try? daemon.program().ended) != .some(nil) { try daemon.run() }
        try await owner.awaitConnection(id)
    }
}
