import Foundation

/// A signed-in owner.
struct Operator: Sendable {
    static let email = "owner@example.org"
    static let password = "correct horse battery staple"

    let server: Server
    let token: String

    var api: API { API(url: server.url, token: token) }

    /// Creates an agent; answers its id and its install token.
    func createAgent(_ name: String) async throws -> (id: String, installToken: String) {
        let body = try await api.post("/api/v1/agents", ["name": name, "slug": name]).expecting(201)
        return (try body["agent"].string("id"), try body.string("install_token"))
    }

    func agent(_ id: String) async throws -> JSON {
        let body = try await api.get("/api/v1/agents/" + id).expecting(200)
        return body["agent"] == .null ? body : body["agent"]
    }

    func awaitConnection(
        _ id: String,
        _ connection: String = "connected",
        within limit: Duration = .seconds(45)
    ) async throws {
        try await eventually("agent \(id) is \(connection)", within: limit) {
            try await agent(id)["connection"].text == connection
        }
    }

    func awaitStatus(_ id: String, _ status: String) async throws {
        try await eventually("agent \(id) is \(status)", within: .seconds(20)) {
            try await agent(id)["status"].text == status
        }
    }

    func rotate(_ id: String, _ body: [String: any Sendable] = [:]) async throws -> Reply {
        try await api.post("/api/v1/agents/\(id)/tokens/rotate", body)
    }

    func rotation(_ id: String) async throws -> Reply { try await api.get("/api/v1/agents/\(id)/rotation") }

    func act(_ id: String, _ action: String, _ body: [String: any Sendable] = [:]) async throws -> Reply {
        try await api.post("/api/v1/agents/\(id)/\(action)", body)
    }

    /// The kinds of the agent's events, newest first.
    func events(_ id: String) async throws -> [String] {
        try await api.get("/api/v1/agents/\(id)/events?limit=200").expecting(200)["data"].items.compactMap {
            $0["kind"].text
        }
    }

    func set(_ settings: [String: any Sendable]) async throws {
        _ = try await api.patch("/api/v1/settings", settings).expecting(200)
    }

    /// Rotates and waits until a rotation asked for now is promoted, whatever stood in its way before.
    func rotateToPromotion(_ id: String, within limit: Duration = .seconds(60)) async throws {
        var asked: String?
        try await eventually("a rotation of \(id) is promoted", within: limit) {
            if asked == nil {
                let reply = try await rotate(id, ["wait_seconds": 5])
                switch (reply.status, reply.code) {
                case (200, _), (202, _): asked = try reply.body.string("rotation_id")
                case (409, "PreviousTokenInGrace"): _ = try await act(id, "tokens/end-grace")
                case (409, "RotationInProgress"), (502, _): break
                default: throw Failure("rotate answered \(reply.status) \(reply.text)")
                }
                return false
            }
            let rotation = try await rotation(id)
            let state = rotation.body["rotation"]["state"].text ?? rotation.body["state"].text
            return state == "promoted"
        }
    }
}
