package import Domain

/// A tenant.
package struct Organization: Hashable, Sendable, Identifiable {
    package let id: OrganizationID
    package var name: String
    package let createdAt: Instant
    package var version: Int64

    package init(id: OrganizationID, name: String, createdAt: Instant, version: Int64 = 1) {
        self.id = id
        self.name = name
        self.createdAt = createdAt
        self.version = version
    }
}

/// A part of an organization that owns agents and tokens.
package struct Workspace: Hashable, Sendable, Identifiable {
    package let id: WorkspaceID
    package let organizationID: OrganizationID
    package var name: String
    package let createdAt: Instant
    package var version: Int64

    package init(
        id: WorkspaceID,
        organizationID: OrganizationID,
        name: String,
        createdAt: Instant,
        version: Int64 = 1
    ) {
        self.id = id
        self.organizationID = organizationID
        self.name = name
        self.createdAt = createdAt
        self.version = version
    }
}

/// A person who signs in.
package struct UserAccount: Hashable, Sendable, Identifiable {
    package enum State: String, CaseIterable, Sendable {
        case active, disabled
    }

    package let id: UserID
    package var email: EmailAddress
    package var name: String
    package var state: State
    /// The password's scrypt hash with its parameters, as text; absent while invited.
    package var passwordHash: String?
    package var passwordChangedAt: Instant?
    package var isServerAdministrator: Bool
    package let createdAt: Instant
    package var updatedAt: Instant
    /// Grows with every change; the value of a compare-and-swap.
    package var version: Int64

    package init(
        id: UserID,
        email: EmailAddress,
        name: String,
        state: State = .active,
        passwordHash: String?,
        passwordChangedAt: Instant?,
        isServerAdministrator: Bool = false,
        createdAt: Instant,
        updatedAt: Instant,
        version: Int64 = 1
    ) {
        self.id = id
        self.email = email
        self.name = name
        self.state = state
        self.passwordHash = passwordHash
        self.passwordChangedAt = passwordChangedAt
        self.isServerAdministrator = isServerAdministrator
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.version = version
    }
}

/// A signed-in person's credential, `clv_ss_…`.
package struct Session: Hashable, Sendable, Identifiable {
    package let id: CredentialID
    package let userID: UserID
    package let stamp: TokenStamp
    package let surface: Surface
    package let address: String?
    package let userAgent: String?
    package let createdAt: Instant
    /// The absolute end; the idle end follows from ``lastUsedAt``.
    package let expiresAt: Instant
    package var lastUsedAt: Instant
    package var endedAt: Instant?
    package var endReason: String?

    package init(
        id: CredentialID,
        userID: UserID,
        stamp: TokenStamp,
        surface: Surface,
        address: String?,
        userAgent: String?,
        createdAt: Instant,
        expiresAt: Instant,
        lastUsedAt: Instant,
        endedAt: Instant? = nil,
        endReason: String? = nil
    ) {
        self.id = id
        self.userID = userID
        self.stamp = stamp
        self.surface = surface
        self.address = address
        self.userAgent = userAgent
        self.createdAt = createdAt
        self.expiresAt = expiresAt
        self.lastUsedAt = lastUsedAt
        self.endedAt = endedAt
        self.endReason = endReason
    }
}

/// A secret that is good for one use: setup, invitation, recovery.
package struct OneTimeSecret: Hashable, Sendable, Identifiable {
    package enum Kind: String, CaseIterable, Sendable {
        case setup, invitation, recovery
    }

    package let id: CredentialID
    package let kind: Kind
    package let stamp: TokenStamp
    /// Whom it is for; absent for setup.
    package let userID: UserID?
    package let organizationID: OrganizationID?
    /// Who invited; absent where the server itself made it.
    package let createdBy: Actor?
    package let createdAt: Instant
    package let expiresAt: Instant
    package var usedAt: Instant?

    package init(
        id: CredentialID,
        kind: Kind,
        stamp: TokenStamp,
        userID: UserID?,
        organizationID: OrganizationID?,
        createdBy: Actor? = nil,
        createdAt: Instant,
        expiresAt: Instant,
        usedAt: Instant? = nil
    ) {
        self.id = id
        self.kind = kind
        self.stamp = stamp
        self.userID = userID
        self.organizationID = organizationID
        self.createdBy = createdBy
        self.createdAt = createdAt
        self.expiresAt = expiresAt
        self.usedAt = usedAt
    }
}
