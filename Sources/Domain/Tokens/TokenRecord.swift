/// What the check of a use needs to know of a token, put together once and kept by the credential index.
package struct TokenRecord: Hashable, Sendable {
    package var kind: TokenKind
    package var organizationID: OrganizationID
    package var state: APIToken.State
    /// Whether a kill switch covers it.
    package var isBlocked: Bool
    /// The end of the current text: its expiry, or the day by which it had to be rotated.
    package var endsAt: Instant?
    /// The end of the previous text's grace, never beyond its expiry; absent if there is none.
    package var previousEndsAt: Instant?
    /// Whether its owner may do anything at all.
    package var isOwnerActive: Bool
    package var access: TokenAccess
    package var addresses: [AddressRange]
    /// Whether policy refuses it for want of an address list.
    package var lacksAddresses: Bool
    package var serves: String?

    /// Puts together what stands in several records.
    ///
    /// `owner`: the owner's access now, a user's or a service account's.
    /// `registered`: the organization's registered scopes, by name.
    package init(
        _ token: APIToken,
        owner: EffectiveAccess,
        policy: OrganizationPolicy = .none,
        registered: [String: RegisteredScope] = [:],
        isBlocked: Bool = false
    ) {
        kind = token.kind.tokenKind
        organizationID = token.organizationID
        state = token.state
        self.isBlocked = isBlocked
        endsAt = [token.current.expiresAt, token.rotationRequiredBy].compactMap(\.self).min()
        let previousEnds = [token.previous?.validUntil, token.previous?.expiresAt, token.rotationRequiredBy]
        previousEndsAt = token.previous == nil ? nil : previousEnds.compactMap(\.self).min()
        isOwnerActive = owner.isActive
        access = TokenAccess(
            scopes: token.profile.scopes,
            owner: owner.permissions,
            bounds: policy.bounds(for: owner.roles),
            registered: registered
        )
        addresses = token.profile.addresses
        lacksAddresses = !policy.acceptsAddresses(token.profile.addresses, kind: token.kind)
        serves = token.profile.serves
    }

    /// An agent's token or a session: without addresses, and without an API it serves.
    package init(
        kind: TokenKind,
        organizationID: OrganizationID,
        state: APIToken.State,
        endsAt: Instant?,
        previousEndsAt: Instant?,
        isOwnerActive: Bool,
        access: TokenAccess
    ) {
        self.kind = kind
        self.organizationID = organizationID
        self.state = state
        self.endsAt = endsAt
        self.previousEndsAt = previousEndsAt
        self.isOwnerActive = isOwnerActive
        self.access = access
        isBlocked = false
        addresses = []
        lacksAddresses = false
        serves = nil
    }
}
