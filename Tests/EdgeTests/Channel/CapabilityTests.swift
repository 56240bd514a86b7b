import Domain
import StrictJSON
import Testing

@Suite("Capabilities of the agent channel")
struct CapabilityTests {
    @Test("DST-7: the server names its capabilities, and ignores those of the agent that it does not know")
    func negotiated() async throws {
        try await EdgeServer.run { server in
            let owner = try await server.owner()
            let offers: [[String]?] = [nil, [], ["agent.mode"], ["of.tomorrow", "agent.mode", "agent.mode", "é"]]
            for (number, offer) in offers.enumerated() {
                let machine = try await server.enrolledAgent("agent-\(number)", owner: owner)
                let (channel, result) = try await TestChannel.open(server, machine, capabilities: offer)
                #expect(result["capabilities"]?.arrayValue == [.string("agent.mode")])
                await channel.wire.close()
            }
        }
    }

    @Test("DST-7: agent.mode goes to agents that named it, and to no other; both go on working")
    func mode() async throws {
        try await EdgeServer.run { server in
            let owner = try await server.owner()
            let new = try await server.enrolledAgent("new", owner: owner)
            let old = try await server.enrolledAgent("old", owner: owner)
            let (newer, _) = try await TestChannel.open(server, new, capabilities: ["of.tomorrow", "agent.mode"])
            let (older, _) = try await TestChannel.open(server, old)
            server.clock.advance(.days(7) + .minutes(1))
            // Both channels become renew-only, and a new token is issued on both.
            let toNewer = try await newer.frames(until: "agent.rotate_token")
            #expect(toNewer.map { $0["method"] } == ["agent.mode", "agent.rotate_token"])
            #expect(toNewer.first?["params"]?["mode"]?.stringValue == "renew-only")
            let toOlder = try await older.frames(until: "agent.rotate_token")
            #expect(toOlder.map { $0["method"] } == ["agent.rotate_token"])

            try await newer.take(toNewer.last ?? .null)
            try await older.take(toOlder.last ?? .null)
            // Promoted, they are full again: told to the one, true for both.
            #expect(try await newer.frames(until: "agent.mode").last?["params"]?["mode"]?.stringValue == "full")
            #expect(try await older.next().json["result"]?["generation"]?.integerValue == 2)
            try await older.send(#"{"jsonrpc":"2.0","id":"b1","method":"agent.heartbeat"}"#)
            #expect(try await older.next().json["id"]?.stringValue == "b1")
        }
    }
}

extension TestChannel {
    /// The server's frames up to the first with that method.
    fileprivate func frames(until method: String) async throws -> [JSONValue] {
        var frames: [JSONValue] = []
        repeat {
            frames.append(try await next(within: .seconds(30)).json)
        } while frames.last?["method"]?.stringValue != method
        return frames
    }
}
