internal import Crypto
package import Domain

/// A token that was checked before the upgrade; what it fits is checked again when the channel opens.
package struct ChannelTicket: Sendable {
    package let agentID: AgentID
    package let credentialID: CredentialID
    package let organizationID: OrganizationID
    package let workspaceID: WorkspaceID
    package let token: Token
    package let address: String?
    package let requestID: String
    /// The mode the channel would have if it opened now.
    package let mode: ChannelMode
    /// The key that the hello has to prove.
    let publicKey: [UInt8]

    /// SHA-256 of the token's text, which stands in the bytes to sign.
    package var tokenDigest: [UInt8] { Array(SHA256.hash(data: Array(token.revealed().utf8))) }

    package init(
        agentID: AgentID,
        credentialID: CredentialID,
        organizationID: OrganizationID,
        workspaceID: WorkspaceID,
        token: Token,
        address: String?,
        requestID: String,
        mode: ChannelMode,
        publicKey: [UInt8]
    ) {
        self.agentID = agentID
        self.credentialID = credentialID
        self.organizationID = organizationID
        self.workspaceID = workspaceID
        self.token = token
        self.address = address
        self.requestID = requestID
        self.mode = mode
        self.publicKey = publicKey
    }
}

/// What `agent.hello` says.
package struct ChannelHello: Sendable {
    /// What the agent had to sign, as the edge that sent the challenge builds it: context ‖ nonce ‖ id ‖ token digest.
    package let challenge: [UInt8]
    /// Ed25519 over ``challenge``; 64 bytes.
    package let signature: [UInt8]
    package let statement: AgentStatement
    package let capabilities: [String]
    /// The agent came with an older token because the server didn't know its newest: it is rotated at once.
    package let superseded: Bool

    package init(
        challenge: [UInt8],
        signature: [UInt8],
        statement: AgentStatement,
        capabilities: [String] = [],
        superseded: Bool = false
    ) {
        self.challenge = challenge
        self.signature = signature
        self.statement = statement
        self.capabilities = capabilities
        self.superseded = superseded
    }
}

/// The answer to a hello.
package struct HelloResult: Sendable {
    package let mode: ChannelMode
    package let serverTime: Instant
    package let generation: Int64
    package let tokenExpiresAt: Instant?
    /// The settings an agent goes by; empty on a renew-only channel.
    package let settings: [String: Int]

    package init(
        mode: ChannelMode,
        serverTime: Instant,
        generation: Int64,
        tokenExpiresAt: Instant?,
        settings: [String: Int]
    ) {
        self.mode = mode
        self.serverTime = serverTime
        self.generation = generation
        self.tokenExpiresAt = tokenExpiresAt
        self.settings = settings
    }
}

/// What the agent answered to `agent.rotate_token`.
package enum RotationAnswer: Sendable {
    /// The token is durable.
    case stored
    case error(String)
}
