/// A limit that holds for a token now, and how much of it is used as far as the answering node knows.
public struct TokenLimitResponse: Codable, Sendable, Equatable {
    /// `burst`, `per_minute`, `per_hour`, `per_day` or `monthly_quota`.
    public var name: String
    /// Units that are allowed.
    public var limit: Int
    /// Units of it that are used now.
    public var used: Int
    /// Units that would be allowed now.
    public var remaining: Int
    /// The window in seconds; of a monthly quota the length of this month.
    public var windowSeconds: Int
    /// When all of it will be free again if nothing more is used.
    public var resetsAt: String
    /// Whether it is the token's own and not its plan's.
    public var isOwn: Bool

    /// Makes it from its fields.
    public init(
        name: String,
        limit: Int,
        used: Int,
        remaining: Int,
        windowSeconds: Int,
        resetsAt: String,
        isOwn: Bool
    ) {
        self.name = name
        self.limit = limit
        self.used = used
        self.remaining = remaining
        self.windowSeconds = windowSeconds
        self.resetsAt = resetsAt
        self.isOwn = isOwn
    }

    private enum CodingKeys: String, CodingKey {
        case name
        case limit
        case used
        case remaining
        case windowSeconds = "window_seconds"
        case resetsAt = "resets_at"
        case isOwn = "is_own"
    }
}
