import StrictJSON

/// What an agent's state directory says, without a secret.
public struct AgentStatus: Sendable, Equatable {
    /// `enrolled`, `enrolling` (begun, no token yet), `none`, `revoked`, `deleted` or `reset`.
    public let credential: String
    public let server: String?
    public let agentID: String?
    public let credentialID: String?
    /// When the token in use expires, as the server wrote it.
    public let tokenExpiresAt: String?
    /// A newer token is stored that the server has not confirmed yet.
    public let hasUnconfirmedToken: Bool
    /// A daemon holds the directory's lock now.
    public let isRunning: Bool

    /// Reads a state directory without disturbing a daemon that uses it.
    public init(stateDirectory: String) throws {
        let (state, isLocked) = try StateDirectory.look(at: stateDirectory)
        credential =
            switch state {
            case nil: "none"
            case let state? where state.isEnrolled: "enrolled"
            case let state?: state.end?.rawValue ?? "enrolling"
            }
        server = state?.server
        agentID = state?.agentID
        credentialID = state?.credentialID
        tokenExpiresAt = state?.shelf.confirmed?.expiresAt
        hasUnconfirmedToken = state?.shelf.unconfirmed != nil
        isRunning = isLocked
    }

    /// For a person.
    public var text: String {
        var lines = ["credential: \(credential)"]
        if let server { lines.append("server: \(server)") }
        if let agentID { lines.append("agent: \(agentID)") }
        if let credentialID { lines.append("credential id: \(credentialID)") }
        if let tokenExpiresAt { lines.append("token expires: \(tokenExpiresAt)") }
        if hasUnconfirmedToken { lines.append("a newer token is stored and not yet confirmed") }
        lines.append("daemon: \(isRunning ? "running" : "not running")")
        return lines.joined(separator: "\n")
    }

    /// For a program.
    public var json: String {
        func text(_ value: String?) -> JSONValue { value.map { .string($0) } ?? .null }
        let value: JSONValue = [
            "credential": .string(credential),
            "server": text(server),
            "agent_id": text(agentID),
            "credential_id": text(credentialID),
            "token_expires_at": text(tokenExpiresAt),
            "has_unconfirmed_token": .bool(hasUnconfirmedToken),
            "running": .bool(isRunning),
        ]
        return value.text
    }
}
