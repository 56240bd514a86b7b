import Testing

/// What happens to an agent of one node and is asked for at another, seen by all of them.
extension Nodes {
    /// Rotates a connected agent: every node knows the older token in its grace, and refuses it after that.
    func rotateAndEndGrace(_ id: String, _ daemon: Daemon, through there: Operator) async throws {
        let older = daemon.storedTokens()
        #expect(older.count == 1)
        #expect(try await there.rotate(id).expecting(200)["agent_notified"].bool == true)
        try await there.awaitPromotion(id)
        #expect(!daemon.storedTokens().subtracting(older).isEmpty)
        #expect(try await there.rotate(id).code == "PreviousTokenInGrace")
        for (server, token) in everywhere(older) { #expect(try await server.knock(with: token).status == 101) }
        _ = try await there.act(id, "tokens/end-grace").expecting(200)
        for (server, token) in everywhere(older) {
            #expect(try await server.knock(with: token).code == "RotatedOutToken")
        }
    }

    /// Pauses an agent, which ends its channel and not its daemon, and resumes it.
    func pauseAndResume(_ id: String, _ daemon: Daemon, of here: Operator, through there: Operator) async throws {
        _ = try await there.act(id, "pause").expecting(200)
        try await here.awaitConnection(id, "disconnected")
        #expect(try daemon.program().ended == nil)
        // Ended before it may come back by itself, so that a connection afterwards is that of the new process.
        try await daemon.kill()
        _ = try await there.act(id, "resume").expecting(200)
        try daemon.run()
        try await there.awaitConnection(id)
    }

    /// Revokes an agent: its daemon ends, and no node takes a token of it.
    func revoke(_ id: String, _ daemon: Daemon, through there: Operator) async throws {
        let tokens = daemon.storedTokens()
        #expect(!tokens.isEmpty)
        _ = try await there.act(id, "tokens/revoke").expecting(200)
        #expect(try await daemon.program().end(within: .seconds(5)) == .code(10))
        for (server, token) in everywhere(tokens) {
            #expect(try await server.knock(with: token).code == "RevokedToken")
        }
    }

    /// Waits until every node tells the same history of an agent.
    func awaitSameHistory(_ id: String, holding kinds: [String]) async throws {
        try await eventually("all nodes tell the same history") {
            let first = try await owner(at: 0).events(id)
            for index in servers.indices.dropFirst() {
                guard try await owner(at: index).events(id) == first else { return false }
            }
            return kinds.allSatisfy { first.contains($0) }
        }
    }

    private func everywhere(_ tokens: Set<String>) -> [(server: Server, token: String)] {
        servers.flatMap { server in tokens.map { (server, $0) } }
    }
}
