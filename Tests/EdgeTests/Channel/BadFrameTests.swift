import AgentChannel
import StrictJSON
import Testing

@Suite("Bad frames")
struct BadFrameTests {
    private static func withChannel(
        _ body: @escaping @Sendable (TestChannel, EdgeServer) async throws -> Void
    ) async throws {
        try await EdgeServer.run { server in
            let owner = try await server.owner()
            let machine = try await server.enrolledAgent("alpha", owner: owner)
            let (channel, _) = try await TestChannel.open(server, machine)
            try await body(channel, server)
            try await eventually("no channel is left") {
                if channel.wire.isClosed { return true }
                await channel.wire.close()
                return false
            }
            #expect(try await server.call("GET", "/readyz").status == 200)
        }
    }

    @Test("AGT-7: binary 1003, oversized 1009, unmasked 1002, invalid UTF-8 1007")
    func frameFaults() async throws {
        let cases: [(code: Int, opcode: UInt8, payload: [UInt8], masked: Bool)] = [
            (1003, 2, [1, 2, 3], true), (1009, 1, [UInt8](repeating: 32, count: 262_145), true),
            (1002, 1, Array("{}".utf8), false), (1007, 1, [0xC3, 0x28], true),
        ]
        for fault in cases {
            try await Self.withChannel { channel, _ in
                try await channel.sendFrame(opcode: fault.opcode, fault.payload, masked: fault.masked)
                #expect(try await channel.closeCode() == fault.code)
            }
        }
    }

    @Test("AGT-7: unknown methods answer -32601, bad params -32602, no JSON -32700, no request -32600")
    func rpcFaults() async throws {
        try await Self.withChannel { channel, _ in
            let cases: [(frame: String, code: Int64)] = [
                (#"{"jsonrpc":"2.0","id":"1","method":"agent.teapot"}"#, -32601),
                (#"{"jsonrpc":"2.0","id":"2","method":"agent.authenticate","params":{}}"#, -32602),
                (#"{"jsonrpc":"2.0","id":"3","method":"agent.authenticate","params":{"token":7}}"#, -32602),
                (#"{"jsonrpc":"2.0","id":"4","method":"agent.authenticate","params":[1]}"#, -32602),
                ("{", -32700), (#"{"a":1,"a":2}"#, -32700), ("[]", -32600), ("{}", -32600),
                (#"{"jsonrpc":"2.0","id":7,"method":"agent.heartbeat"}"#, -32600),
                (#"{"jsonrpc":"1.0","id":"5","method":"agent.heartbeat"}"#, -32600),
            ]
            for (frame, code) in cases {
                try await channel.send(frame)
                let answer = try await channel.next().json
                #expect(answer["error"]?["code"]?.integerValue == code, "\(frame) → \(answer.text)")
            }
        }
    }

    @Test("ROT-4: answers nobody asked for are ignored and counted; a wrong token is refused by name")
    func unaskedAnswers() async throws {
        try await Self.withChannel { channel, server in
            try await channel.send(#"{"jsonrpc":"2.0","id":"s77","result":{"status":"ok"}}"#)
            try await channel.send(#"{"jsonrpc":"2.0","id":"s78","error":{"code":1,"message":"no"}}"#)
            try await channel.send(#"{"jsonrpc":"2.0","method":"agent.unheard_of"}"#)
            try await channel.send(#"{"jsonrpc":"2.0","id":"b","method":"agent.authenticate","params":{"token":"x"}}"#)
            let answer = try await channel.next().json
            #expect(answer["error"]?["data"]?["code"]?.stringValue == "InvalidToken", "\(answer.text)")
            let text = try await server.call("GET", "/metrics", token: EdgeServer.metricsToken).text
            #expect(text.contains(#"claviger_channel_frames_refused_total{reason="unasked_answer"} 2"#))
            #expect(text.contains(#"claviger_channel_frames_refused_total{reason="unknown_method"} 1"#))
        }
    }

    @Test("AGT-7: a second hello, with id or without, ends the channel with 4400", arguments: [true, false])
    func secondHello(hasID: Bool) async throws {
        try await Self.withChannel { channel, _ in
            let id = hasID ? #""id":"h2","# : ""
            try await channel.send(#"{"jsonrpc":"2.0",\#(id)"method":"agent.hello","params":{"signature":"x"}}"#)
            #expect(try await channel.closeCode() == 4400)
        }
    }

    @Test("AGT-7: a flood of heartbeats ends the channel with 4400")
    func flood() async throws {
        try await Self.withChannel { channel, _ in
            for number in 1...400 where !channel.wire.isClosed {
                try await channel.send(#"{"jsonrpc":"2.0","id":"\#(number)","method":"agent.heartbeat"}"#)
            }
            #expect(try await channel.closeCode() == 4400)
        }
    }

    @Test(
        "ROT-8: before the proof nothing but a hello is accepted, and nothing but the challenge is sent",
        arguments: [
            #"{"jsonrpc":"2.0","id":"1","method":"agent.heartbeat"}"#, "{", "[]",
            #"{"jsonrpc":"2.0","method":"agent.hello","params":{"signature":"x"}}"#,
            #"{"jsonrpc":"2.0","id":"1","method":"agent.hello","params":{"signature":"x"}}"#,
            #"{"jsonrpc":"2.0","id":"1","method":"agent.hello"}"#,
        ]
    )
    func beforeProof(_ frame: String) async throws {
        try await EdgeServer.run { server in
            let owner = try await server.owner()
            let machine = try await server.enrolledAgent("alpha", owner: owner)
            let channel = try await TestChannel.upgrade(server, token: machine.token)
            #expect(try await channel.next().json["method"]?.stringValue == "agent.challenge")
            try await channel.send(frame)
            let next = try await channel.next()
            #expect(next.closeCode == 4400, "\(next.text)")
            #expect(try await server.agent(machine.id, owner)["status"]?.stringValue == "pending")
        }
    }

    @Test("AGT-7: an agent that proves nothing in time is closed with 4401")
    func proofTimeout() async throws {
        var options = EdgeServer.Options()
        options.channel.hello = .milliseconds(400)
        try await EdgeServer.run(options) { server in
            let owner = try await server.owner()
            let machine = try await server.enrolledAgent("alpha", owner: owner)
            let channel = try await TestChannel.upgrade(server, token: machine.token)
            #expect(try await channel.closeCode(within: .seconds(5)) == 4401)
        }
    }
}
