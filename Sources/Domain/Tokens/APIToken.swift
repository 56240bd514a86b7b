/// A personal or service token: who owns it, what it may do, and the stamps of the texts that open it (TOK-1, ROT-13).
///
/// Its id stays through every rotation, and with it scopes, limits, tags and history.
package struct APIToken: Hashable, Sendable, Identifiable {
    package enum Kind: String, CaseIterable, Sendable {
        case personal, service

        package var tokenKind: TokenKind { self == .personal ? .personal : .service }
    }

    package enum Owner: Hashable, Sendable {
        case user(UserID)
        case serviceAccount(ServiceAccountID)

        package var kind: Kind {
            switch self {
            case .user: .personal
            case .serviceAccount: .service
            }
        }

        package var id: String {
            switch self {
            case .user(let id): id.text
            case .serviceAccount(let id): id.text
            }
        }
    }

    /// - ``live``: it works.
    /// - ``paused``: put aside by a person.
    /// - ``suspended``: put aside by detection, or by somebody who had a suspicion.
    /// - ``revoked``: dead for ever.
    ///
    /// The legal moves stand at ``TokenStateMachine``.
    package enum State: String, CaseIterable, Sendable {
        case live, paused, suspended, revoked
    }

    package typealias Current = CurrentToken

    /// The token before the current one, while its grace lasts.
    package struct Previous: Hashable, Sendable {
        package var stamp: TokenStamp
        package var generation: Int64
        /// The end of its grace, never beyond its own expiry.
        package var validUntil: Instant
        package var expiresAt: Instant?
        /// Whether the first use of the current token ends its grace: so it is when a token rotated itself.
        package var endsAtFirstUse: Bool

        package init(
            stamp: TokenStamp,
            generation: Int64,
            validUntil: Instant,
            expiresAt: Instant?,
            endsAtFirstUse: Bool
        ) {
            self.stamp = stamp
            self.generation = generation
            self.validUntil = validUntil
            self.expiresAt = expiresAt
            self.endsAtFirstUse = endsAtFirstUse
        }
    }

    package let id: CredentialID
    package let organizationID: OrganizationID
    package let workspaceID: WorkspaceID
    package let owner: Owner
    package var profile: APITokenProfile
    package var state: State
    /// Grows by one with each rotation, from 1.
    package var generation: Int64
    package var current: Current
    package var previous: Previous?
    /// Until when its owner has to rotate it; past that it counts as expired.
    package var rotationRequiredBy: Instant?
    package let createdBy: Actor
    package let createdAt: Instant
    package var revokedAt: Instant?
    /// Grows with every change; the value of a compare-and-swap.
    package var version: Int64

    package init(
        id: CredentialID,
        organizationID: OrganizationID,
        workspaceID: WorkspaceID,
        owner: Owner,
        profile: APITokenProfile,
        state: State = .live,
        generation: Int64 = 1,
        current: Current,
        previous: Previous? = nil,
        rotationRequiredBy: Instant? = nil,
        createdBy: Actor,
        createdAt: Instant,
        revokedAt: Instant? = nil,
        version: Int64 = 1
    ) {
        self.id = id
        self.organizationID = organizationID
        self.workspaceID = workspaceID
        self.owner = owner
        self.profile = profile
        self.state = state
        self.generation = generation
        self.current = current
        self.previous = previous
        self.rotationRequiredBy = rotationRequiredBy
        self.createdBy = createdBy
        self.createdAt = createdAt
        self.revokedAt = revokedAt
        self.version = version
    }

    package var kind: Kind { owner.kind }

    /// Since when and until when its current text works, if it has an end: that of its life, or before it the time by
    /// which somebody demanded its rotation, which counts from the demand.
    package var life: (begin: Instant, end: Instant)? {
        let natural = current.expiresAt.map { (begin: current.issuedAt, end: $0) }
        guard let deadline = rotationRequiredBy, natural.map({ deadline < $0.end }) ?? true else { return natural }
        return (begin: deadline - TokenStateMachine.collectionTime, end: deadline)
    }
}

/// What people write of a token, checked.
package struct APITokenProfile: Hashable, Sendable {
    /// 1 to 255 characters, unique per owner in the organization, whatever the workspace.
    package var name: String
    package var description: String
    package var scopes: ScopeSet
    package var tags: [String]
    /// From where it may be used; empty for anywhere.
    package var addresses: [AddressRange]
    /// The service or integration it serves, if it is told.
    package var serves: String?
    /// Figures of its own that stand instead of its plan's.
    package var limits: LimitOverride?

    package init(
        name: String,
        description: String = "",
        scopes: ScopeSet,
        tags: [String] = [],
        addresses: [AddressRange] = [],
        serves: String? = nil,
        limits: LimitOverride? = nil
    ) {
        self.name = name
        self.description = description
        self.scopes = scopes
        self.tags = tags
        self.addresses = addresses
        self.serves = serves
        self.limits = limits
    }
}
