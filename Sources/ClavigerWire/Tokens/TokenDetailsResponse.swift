/// Everything about one token that whoever asks may see.
public struct TokenDetailsResponse: Codable, Sendable, Equatable {
    /// The token.
    public var token: TokenResponse
    /// What each scope is worth now, and what withheld the rest.
    public var effectiveScopes: [EffectiveScopeResponse]
    /// The limits that hold for it and how they stand.
    public var limits: [TokenLimitResponse]
    /// From where it was used: the latest 100; for its owner, administrators and auditors.
    public var addresses: [TokenAddressResponse]
    /// Who was shown the current text of a service token.
    public var shownTo: [TokenViewerResponse]
    /// Its texts before, the latest first.
    public var retired: [RetiredTokenResponse]
    /// What was done with it, the latest 20; for its owner, administrators and auditors.
    public var events: [AuditEventResponse]

    /// Makes it from its fields.
    public init(
        token: TokenResponse,
        effectiveScopes: [EffectiveScopeResponse],
        limits: [TokenLimitResponse],
        addresses: [TokenAddressResponse],
        shownTo: [TokenViewerResponse],
        retired: [RetiredTokenResponse],
        events: [AuditEventResponse]
    ) {
        self.token = token
        self.effectiveScopes = effectiveScopes
        self.limits = limits
        self.addresses = addresses
        self.shownTo = shownTo
        self.retired = retired
        self.events = events
    }

    private enum CodingKeys: String, CodingKey {
        case token
        case effectiveScopes = "effective_scopes"
        case limits
        case addresses
        case shownTo = "shown_to"
        case retired
        case events
    }
}
