package import Domain

/// An agent with what is computed of it when it is shown.
package struct AgentView: Sendable, Hashable {
    package let agent: Agent
    package let isConnected: Bool
    package let presence: AgentPresence?
    /// The agent can't come back by itself; only a reset helps.
    package let needsReset: Bool
    package let credentialID: CredentialID?
    package let generation: Int64?
    package let tokenPrefix: String?
    package let tokenIssuedAt: Instant?
    package let tokenExpiresAt: Instant?
    /// Until when the token before the current one works.
    package let previousValidUntil: Instant?
    package let runningRotation: Rotation?
    /// Until when the install token works, while the agent is pending.
    package let installTokenExpiresAt: Instant?

    package init(
        agent: Agent,
        isConnected: Bool,
        presence: AgentPresence?,
        needsReset: Bool,
        credential: Credential?,
        previousValidUntil: Instant?,
        runningRotation: Rotation?,
        installTokenExpiresAt: Instant?
    ) {
        self.agent = agent
        self.isConnected = isConnected
        self.presence = presence
        self.needsReset = needsReset
        credentialID = credential?.id
        generation = credential?.generation
        tokenPrefix = credential?.current?.stamp.prefix
        tokenIssuedAt = credential?.current?.issuedAt
        tokenExpiresAt = credential?.current?.expiresAt
        self.previousValidUntil = previousValidUntil
        self.runningRotation = runningRotation
        self.installTokenExpiresAt = installTokenExpiresAt
    }

    /// The same with another connection.
    init(_ view: AgentView, isConnected: Bool) {
        agent = view.agent
        self.isConnected = isConnected
        presence = view.presence
        needsReset = view.needsReset
        credentialID = view.credentialID
        generation = view.generation
        tokenPrefix = view.tokenPrefix
        tokenIssuedAt = view.tokenIssuedAt
        tokenExpiresAt = view.tokenExpiresAt
        previousValidUntil = view.previousValidUntil
        runningRotation = view.runningRotation
        installTokenExpiresAt = view.installTokenExpiresAt
    }
}

/// An install token, once, with the instructions that carry it.
package struct InstallTokenGrant: Sendable {
    package let agent: AgentView
    package let token: Token
    package let expiresAt: Instant

    package init(agent: AgentView, token: Token, expiresAt: Instant) {
        self.agent = agent
        self.token = token
        self.expiresAt = expiresAt
    }
}

/// What a daemon states when it exchanges its install token.
package struct EnrolmentRequest: Sendable {
    package let installToken: String
    /// Random, 16 to 128 characters, stored by the daemon before it asks.
    package let enrolmentID: String
    /// Ed25519, 32 bytes.
    package let publicKey: [UInt8]
    package let statement: AgentStatement

    package init(installToken: String, enrolmentID: String, publicKey: [UInt8], statement: AgentStatement) {
        self.installToken = installToken
        self.enrolmentID = enrolmentID
        self.publicKey = publicKey
        self.statement = statement
    }
}

/// The agent token, once.
package struct EnrolmentGrant: Sendable {
    package let agentID: AgentID
    package let credentialID: CredentialID
    package let token: Token
    package let expiresAt: Instant

    package init(agentID: AgentID, credentialID: CredentialID, token: Token, expiresAt: Instant) {
        self.agentID = agentID
        self.credentialID = credentialID
        self.token = token
        self.expiresAt = expiresAt
    }
}

/// What a revoke did.
package struct RevocationReceipt: Sendable {
    package let agent: AgentView
    package let revokedCredentials: Int

    package init(agent: AgentView, revokedCredentials: Int) {
        self.agent = agent
        self.revokedCredentials = revokedCredentials
    }
}

/// A part of a list, the newest first.
package struct Page<Item: Sendable>: Sendable {
    package let items: [Item]
    /// What the next call wants as its cursor; absent at the end.
    package let nextCursor: String?

    package init(items: [Item], nextCursor: String?) {
        self.items = items
        self.nextCursor = nextCursor
    }
}

/// How many items a caller may ask for at once.
package enum PageLimit {
    package static let range = 1...200

    static func check(_ limit: Int) throws(ControlPlaneError) {
        guard range.contains(limit) else {
            let message = "must be a whole number from \(range.lowerBound) to \(range.upperBound)"
            throw .invalid([FieldFault(path: "/limit", message: message)])
        }
    }
}
