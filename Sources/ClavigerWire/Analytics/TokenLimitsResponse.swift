/// Where a token ran into its limits, and which limits would do.
public struct TokenLimitsResponse: Codable, Sendable, Equatable {
    /// The token, `crd_…`.
    public var tokenID: String
    /// The time that was looked at.
    public var from: String
    /// Its end.
    public var until: String
    /// Endpoints at which a limit refused calls, those with most refusals first.
    public var exceeded: [ExceededEndpointResponse]
    /// The limits that are set, from the shortest window to the longest.
    public var limits: [LimitAdviceResponse]

    /// Makes it from its fields.
    public init(
        tokenID: String,
        from: String,
        until: String,
        exceeded: [ExceededEndpointResponse],
        limits: [LimitAdviceResponse]
    ) {
        self.tokenID = tokenID
        self.from = from
        self.until = until
        self.exceeded = exceeded
        self.limits = limits
    }

    private enum CodingKeys: String, CodingKey {
        case tokenID = "token_id"
        case from
        case until
        case exceeded
        case limits
    }
}
