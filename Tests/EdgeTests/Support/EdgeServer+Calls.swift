import StrictJSON
import Testing

extension EdgeServer {
    /// One request on a connection of its own.
    func call(
        _ method: String,
        _ path: String,
        token: String? = nil,
        headers: [String] = [],
        body: String? = nil
    ) async throws -> Answer {
        var lines = headers
        if let token { lines.append("Authorization: Bearer \(token)") }
        if body != nil, !headers.contains(where: { $0.lowercased().hasPrefix("content-type") }) {
            lines.append("Content-Type: application/json")
        }
        if let body { lines.append("Content-Length: \(body.utf8.count)") }
        if !headers.contains(where: { $0.lowercased().hasPrefix("host:") }) { lines.append("Host: localhost") }
        lines.append("Connection: close")
        let head = "\(method) \(path) HTTP/1.1\r\n" + lines.map { $0 + "\r\n" }.joined() + "\r\n"
        return try await exchange(Array(head.utf8) + Array((body ?? "").utf8))
    }

    /// Sends bytes on a connection of their own and takes the first answer.
    func exchange(_ bytes: [UInt8], within limit: Duration = .seconds(15)) async throws -> Answer {
        let wire = try await Wire.connect(port: port)
        try await wire.send(bytes)
        try await eventually("an answer", within: limit) { wire.isClosed || Answer(wire.received) != nil }
        let answer = try #require(Answer(wire.received, untilClose: true), "no answer: \(wire.text)")
        await wire.close()
        return answer
    }

    /// The session token of the first owner.
    func owner() async throws -> String {
        let body = """
            {"secret":"\(setupSecret)","email":"\(Self.email)","name":"Ada","password":"\(Self.password)"}
            """
        let answer = try await call("POST", "/api/v1/setup", body: body)
        #expect(answer.status == 201, "\(answer.text)")
        return try #require(answer.json["session_token"]?.stringValue)
    }

    /// A new agent's id and install token.
    func createAgent(_ name: String, owner: String) async throws -> (id: String, installToken: String) {
        let answer = try await call("POST", "/api/v1/agents", token: owner, body: #"{"name":"\#(name)"}"#)
        #expect(answer.status == 201, "\(answer.text)")
        let id = try #require(answer.json["agent"]?["id"]?.stringValue)
        return (id, try #require(answer.json["install_token"]?.stringValue))
    }

    /// A machine that has enrolled as a new agent.
    func enrolledAgent(_ name: String, owner: String) async throws -> TestMachine {
        let (id, installToken) = try await createAgent(name, owner: owner)
        return try await TestMachine.enroll(at: self, id: id, installToken: installToken)
    }
}

extension EdgeServer {
    /// The agent as its owner sees it.
    func agent(_ id: String, _ owner: String) async throws -> JSONValue {
        try await call("GET", "/api/v1/agents/\(id)", token: owner).json
    }
}

extension EdgeServer {
    /// Another session of the first owner.
    func login() async throws -> String {
        let body = #"{"email":"\#(Self.email)","password":"\#(Self.password)"}"#
        let answer = try await call("POST", "/api/v1/auth/login", body: body)
        #expect(answer.status == 200, "\(answer.text)")
        return try #require(answer.json["session_token"]?.stringValue)
    }
}
