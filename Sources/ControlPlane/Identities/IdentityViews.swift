package import Domain

/// Which machine identity (CLI-2).
package enum IdentityID: Sendable, Hashable {
    case service(ServiceAccountID)
    case agent(AgentID)

    /// Reads `sva_…` or `agt_…`.
    package init?(_ text: String) {
        if let account = ServiceAccountID(text) {
            self = .service(account)
        } else if let agent = AgentID(text) {
            self = .agent(agent)
        } else {
            return nil
        }
    }

    var target: AuditTarget {
        switch self {
        case .service(let id): .serviceAccount(id)
        case .agent(let id): .agent(id)
        }
    }
}

/// A machine identity as maintainers see it; never a hash.
package struct IdentityView: Sendable {
    package enum Subject: Sendable {
        case service(ServiceAccountView)
        case agent(AgentView)
    }

    package let subject: Subject
    /// Tokens of a service account, the newest first, and what was done to the identity and to them; empty in a list.
    package var tokens: [TokenView] = []
    package var events: [AuditEvent] = []

    var name: String {
        switch subject {
        case .service(let view): "the service account “\(view.account.name)”"
        case .agent(let view): "the agent “\(view.agent.profile.slug)”"
        }
    }
}

/// A new machine identity.
package enum IdentityDraft: Sendable {
    /// A service account with its first token.
    case service(ServiceAccountDraft, APITokenDraft)
    case agent(AgentDraft)
}

/// What is done to a machine identity that exists.
package enum IdentityDeed: Sendable, Hashable {
    /// A new text for a service account's token (its only live one if none is named), or a rotation of an agent's.
    ///
    /// `grace` is how long the old text works, absent for the default; agents have the server's setting.
    case rotate(token: CredentialID?, grace: Duration?)
    case pause
    case resume
    /// Kills every token for ever; a service account goes with them.
    case revoke
}

/// What came of an order, or would come of it.
package struct IdentityOutcome: Sendable {
    /// What is done, a sentence for each step.
    package let plan: [String]
    /// The identity afterwards; absent where a dry run would have made it, and where it is gone.
    package let identity: IdentityView?
    /// What is shown this once: a service token or an install token.
    package let secret: Token?
    package let secretExpiresAt: Instant?

    init(plan: [String], identity: IdentityView?, secret: Token? = nil, secretExpiresAt: Instant? = nil) {
        self.plan = plan
        self.identity = identity
        self.secret = secret
        self.secretExpiresAt = secretExpiresAt
    }
}
