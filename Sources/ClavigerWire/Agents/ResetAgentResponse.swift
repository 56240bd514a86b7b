/// Answer to `POST /agents/{id}/reset`.
public struct ResetAgentResponse: Codable, Sendable, Equatable {
    /// The agent, pending again.
    public var agent: AgentResponse
    /// How many live credentials were revoked, if that was counted.
    public var revokedCredentials: Int?
    /// The install token, shown once; null in a replay.
    public var installToken: String?
    /// Until when it works.
    public var installTokenExpiresAt: String
    /// Instructions that carry the token; null in a replay.
    public var install: InstallInstructions?
    /// True in a replay of the same idempotency key; otherwise absent.
    public var secretAlreadyShown: Bool?

    /// Makes it from its fields.
    public init(
        agent: AgentResponse,
        revokedCredentials: Int? = nil,
        installToken: String? = nil,
        installTokenExpiresAt: String,
        install: InstallInstructions? = nil,
        secretAlreadyShown: Bool? = nil
    ) {
        self.agent = agent
        self.revokedCredentials = revokedCredentials
        self.installToken = installToken
        self.installTokenExpiresAt = installTokenExpiresAt
        self.install = install
        self.secretAlreadyShown = secretAlreadyShown
    }

    private enum CodingKeys: String, CodingKey {
        case agent
        case revokedCredentials = "revoked_credentials"
        case installToken = "install_token"
        case installTokenExpiresAt = "install_token_expires_at"
        case install
        case secretAlreadyShown = "secret_already_shown"
    }

    /// Writes all fields; those that have no value now but belong to the answer are written as `null`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(agent, forKey: .agent)
        try container.encodeIfPresent(revokedCredentials, forKey: .revokedCredentials)
        try container.encode(installToken, forKey: .installToken)
        try container.encode(installTokenExpiresAt, forKey: .installTokenExpiresAt)
        try container.encode(install, forKey: .install)
        try container.encodeIfPresent(secretAlreadyShown, forKey: .secretAlreadyShown)
    }
}
