import ClavigerWire
import StrictJSON
import Testing

/// A WebSocket by hand, so that a test may break every rule.
struct TestChannel: Sendable {
    struct Frame: Sendable, Equatable {
        let opcode: UInt8
        let payload: [UInt8]

        var text: String { String(decoding: payload, as: UTF8.self) }
        var json: JSONValue { (try? JSONValue(parsing: payload)) ?? .null }
        /// The close code.
        var closeCode: Int? {
            opcode == 8 && payload.count >= 2 ? Int(payload[0]) << 8 | Int(payload[1]) : nil
        }
    }

    let wire: Wire

    static func head(_ token: String?, _ more: [String] = []) -> String {
        var lines = [
            "GET /api/v1/agent/channel HTTP/1.1", "Host: localhost", "Connection: Upgrade", "Upgrade: websocket",
            "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            "Sec-WebSocket-Protocol: claviger.agent.v1",
        ]
        if let token { lines.append("Authorization: Bearer \(token)") }
        return (lines + more).map { $0 + "\r\n" }.joined() + "\r\n"
    }

    /// Upgrades a connection, the wire's own or a new one.
    static func upgrade(_ server: EdgeServer, token: String, on given: Wire? = nil) async throws -> TestChannel {
        let wire: Wire
        if let given { wire = given } else { wire = try await Wire.connect(port: server.port) }
        try await wire.send(head(token))
        try await eventually("an answer to the upgrade") { wire.isClosed || Answer(wire.received) != nil }
        let answer = try #require(Answer(wire.received, untilClose: true))
        #expect(answer.status == 101, "\(wire.text)")
        #expect(answer["sec-websocket-accept"] == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
        #expect(answer["sec-websocket-protocol"] == "claviger.agent.v1")
        wire.drop((Answer.headEnd(in: wire.received) ?? 0) + 4)
        return TestChannel(wire: wire)
    }

    /// Upgrades and proves the key; answers the channel and the result of the hello.
    static func open(
        _ server: EdgeServer,
        _ machine: TestMachine,
        on wire: Wire? = nil,
        capabilities: [String]? = nil
    ) async throws -> (channel: TestChannel, result: JSONValue) {
        let channel = try await upgrade(server, token: machine.token, on: wire)
        let challenge = try await channel.next().json
        #expect(challenge["method"]?.stringValue == "agent.challenge")
        let nonce = try #require(challenge["params"]?["nonce"]?.stringValue.flatMap(Base64URL.decode))
        let proof = try machine.proof(of: nonce)
        try await channel.send(hello(id: "h1", signature: proof, capabilities: capabilities))
        let answer = try await channel.next().json
        #expect(answer["id"]?.stringValue == "h1", "\(answer.text)")
        return (channel, try #require(answer["result"], "\(answer.text)"))
    }

    static func hello(id: String, signature: String, capabilities: [String]? = nil) -> String {
        let named = capabilities.map { #","capabilities":[\#($0.map { "\"\($0)\"" }.joined(separator: ","))]"# } ?? ""
        return """
            {"jsonrpc":"2.0","id":"\(id)","method":"agent.hello","params":{"signature":"\(signature)","hostname":"host-a",\
            "a_field_of_tomorrow":1\(named)}}
            """
    }

    func send(_ text: String) async throws {
        try await sendFrame(opcode: 1, Array(text.utf8))
    }

    func sendFrame(opcode: UInt8, _ payload: [UInt8], masked: Bool = true, fin: Bool = true) async throws {
        var bytes: [UInt8] = [(fin ? 0x80 : 0) | opcode]
        let flag: UInt8 = masked ? 0x80 : 0
        switch payload.count {
        case ..<126: bytes.append(flag | UInt8(payload.count))
        case ..<65536: bytes += [flag | 126, UInt8(payload.count >> 8), UInt8(payload.count & 255)]
        default: bytes += [flag | 127] + (0..<8).reversed().map { UInt8(payload.count >> ($0 * 8) & 255) }
        }
        if masked { bytes += [0, 0, 0, 0] }
        try await wire.send(bytes + payload)
    }

    /// The next frame that is neither ping nor pong.
    func next(within limit: Duration = .seconds(10)) async throws -> Frame {
        while true {
            try await eventually("a frame", within: limit) { peek() != nil || wire.isClosed }
            let (frame, length) = try #require(peek(), "the connection was closed without a frame")
            wire.drop(length)
            if frame.opcode != 9, frame.opcode != 10 { return frame }
        }
    }

    /// The code of the close frame that comes next, other frames skipped.
    func closeCode(within limit: Duration = .seconds(10)) async throws -> Int? {
        while true {
            let frame = try await next(within: limit)
            if frame.opcode == 8 { return frame.closeCode }
        }
    }

    private func peek() -> (frame: Frame, length: Int)? {
        let bytes = wire.received
        guard bytes.count >= 2 else { return nil }
        var length = Int(bytes[1] & 0x7F)
        var start = 2
        if length == 126 {
            guard bytes.count >= 4 else { return nil }
            length = Int(bytes[2]) << 8 | Int(bytes[3])
            start = 4
        } else if length == 127 {
            guard bytes.count >= 10 else { return nil }
            length = bytes[2..<10].reduce(0) { $0 << 8 | Int($1) }
            start = 10
        }
        guard bytes.count >= start + length else { return nil }
        return (Frame(opcode: bytes[0] & 15, payload: Array(bytes[start..<(start + length)])), start + length)
    }
}

extension TestChannel {
    /// Answers a question of the server.
    func answer(_ question: JSONValue, _ result: String) async throws {
        let id = try #require(question["id"]?.stringValue, "\(question.text)")
        try await send(#"{"jsonrpc":"2.0","id":"\#(id)","result":\#(result)}"#)
    }

    /// Says that the token of a question is stored, and sends its proof.
    @discardableResult
    func take(_ question: JSONValue) async throws -> String {
        let token = try #require(question["params"]?["new_token"]?.stringValue, "\(question.text)")
        try await answer(question, #"{"status":"ok","rotated_at":"2026-11-21T00:00:00Z"}"#)
        try await send(#"{"jsonrpc":"2.0","id":"a1","method":"agent.authenticate","params":{"token":"\#(token)"}}"#)
        return token
    }

    /// Stores the token that comes next, and proves it; answers it.
    @discardableResult
    func takeToken() async throws -> String {
        let token = try await take(try await next().json)
        #expect(try await next().json["result"]?["generation"]?.integerValue == 2)
        return token
    }
}
