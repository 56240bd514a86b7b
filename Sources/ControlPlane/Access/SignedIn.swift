package import Domain
package import Store

/// What somebody gets who signed in: the session's token, shown this once.
package struct SignedIn: Sendable {
    package let token: Token
    package let session: Session
    package let user: UserAccount
    /// When the session ends however much it is used.
    package let expiresAt: Instant
    /// When the session ends if it isn't used before.
    package let idleExpiresAt: Instant
}

/// A secret for one use, shown this once: setup or recovery.
package struct IssuedSecret: Sendable {
    package let token: Token
    package let expiresAt: Instant
    /// Whom it is for; absent for setup.
    package let email: EmailAddress?
}

/// Who the caller is, as they see it themselves.
package struct Profile: Sendable {
    package let user: UserAccount
    /// Absent for a server administrator who belongs to none.
    package let organization: Organization?
    package let workspace: Workspace?
    package let memberships: Memberships
    package let permissions: PermissionSet
}
