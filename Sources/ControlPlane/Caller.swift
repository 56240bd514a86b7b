package import Domain

/// Who asks for an operation, from where, and what they may do at this moment.
///
/// Every use case takes one; jobs and host commands have their own kinds. The rights were computed from roles, policies
/// and scopes in the database when the caller was authenticated (ORG-6).
package struct Caller: Sendable {
    package let actor: Actor
    package let organizationID: OrganizationID?
    package let workspaceID: WorkspaceID?
    package let credentialID: CredentialID?
    package private(set) var credentialPrefix: String?
    package let address: String?
    package let userAgent: String?
    package let requestID: String
    package let surface: Surface
    package private(set) var rights: CallerRights
    /// What the route does that a token was shown at: what a scope of the route gives, and nothing else (TOK-3).
    package private(set) var routeAction: ScopeAction?
    /// How the audit trail marks what the caller does and is refused: as usual, as set-up, or as a dry run.
    package private(set) var mode = AuditMode.normal

    package init(
        actor: Actor,
        organizationID: OrganizationID?,
        workspaceID: WorkspaceID?,
        credentialID: CredentialID? = nil,
        credentialPrefix: String? = nil,
        address: String? = nil,
        userAgent: String? = nil,
        requestID: String,
        surface: Surface,
        rights: CallerRights
    ) {
        self.actor = actor
        self.organizationID = organizationID
        self.workspaceID = workspaceID
        self.credentialID = credentialID
        self.credentialPrefix = credentialPrefix
        self.address = address
        self.userAgent = userAgent
        self.requestID = requestID
        self.surface = surface
        self.rights = rights
    }

    /// A job of the server itself; it may do everything in the organization it was started for.
    package static func system(
        job: String,
        requestID: String,
        organizationID: OrganizationID? = nil,
        workspaceID: WorkspaceID? = nil
    ) -> Caller {
        Caller(
            actor: .system(job),
            organizationID: organizationID,
            workspaceID: workspaceID,
            requestID: requestID,
            surface: .job,
            rights: .holder(.all)
        )
    }

    /// A command on the host, run by an operating-system user who can read the data directory.
    package static func host(
        user: String,
        requestID: String,
        organizationID: OrganizationID? = nil,
        workspaceID: WorkspaceID? = nil
    ) -> Caller {
        Caller(
            actor: .host(user: user),
            organizationID: organizationID,
            workspaceID: workspaceID,
            userAgent: "host user \(user)",
            requestID: requestID,
            surface: .host,
            rights: .holder(.all)
        )
    }

    /// Somebody who hasn't shown a credential, or shows one that isn't checked by a session.
    package static func anonymous(
        address: String?,
        userAgent: String?,
        requestID: String,
        surface: Surface
    ) -> Caller {
        Caller(
            actor: .anonymous,
            organizationID: nil,
            workspaceID: nil,
            address: address,
            userAgent: userAgent,
            requestID: requestID,
            surface: surface,
            rights: .holder([])
        )
    }

    /// Whether the caller may do this now, to this agent if it is done to one.
    package func decide(_ action: ScopeAction, agent: AgentID? = nil) -> TokenAccess.Decision {
        switch rights {
        case .holder(let permissions): permissions.contains(action.permission) ? .allowed : .beyondOwner
        case .token(let access, let route):
            access.decide(action, agent: agent, route: action == routeAction ? route : nil)
        }
    }

    /// The caller of a token, at a route that does this; the prefix is that of the text that was shown.
    func knocking(for action: ScopeAction?, with token: Token) -> Caller {
        var caller = self
        caller.credentialPrefix = token.prefix
        caller.routeAction = action
        return caller
    }

    /// The same caller at the same route, with other rights.
    func with(_ rights: CallerRights) -> Caller {
        var caller = self
        caller.rights = rights
        return caller
    }

    /// The same caller, marked so in the audit trail.
    package func marked(_ mode: AuditMode) -> Caller {
        var caller = self
        caller.mode = mode
        return caller
    }
}
