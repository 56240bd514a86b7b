import ClavigerWire
import ControlPlane
import Domain
import HTTPKernel

extension APITokenDraft {
    init(_ request: CreateTokenRequest) throws(HTTPProblem) {
        self.init(
            name: request.name,
            description: request.description ?? "",
            scopes: request.scopes,
            tags: request.tags ?? [],
            addresses: request.addresses ?? [],
            serves: request.serves,
            limits: request.limits.map(LimitFigures.init) ?? LimitFigures(),
            expiry: try Expiry(request)
        )
    }
}

extension APITokenDraft.Expiry {
    /// Exactly one of the three fields; a life without an end is never taken for granted.
    fileprivate init(_ request: CreateTokenRequest) throws(HTTPProblem) {
        switch (request.expiresInDays, request.expiresAt, request.neverExpires) {
        case (let days?, nil, nil): self = .days(days)
        case (nil, let date?, nil): self = .date(date)
        case (nil, nil, true?): self = .none
        default:
            throw .invalid(
                "/expires_in_days",
                "Say when it ends, in exactly one way: expires_in_days, expires_at, or never_expires true."
            )
        }
    }
}

extension APITokenPatch {
    init(_ request: UpdateTokenRequest) {
        self.init()
        name = FieldChange(request.name)
        description = FieldChange(request.description)
        scopes = FieldChange(request.scopes)
        tags = FieldChange(request.tags)
        addresses = FieldChange(request.addresses)
        serves = FieldChange(request.serves)
        limits = FieldChange(request.limits, LimitFigures.init)
    }
}

extension LimitFigures {
    fileprivate init(_ limits: TokenLimits) {
        self.init(
            burst: limits.burst,
            perMinute: limits.perMinute,
            perHour: limits.perHour,
            perDay: limits.perDay,
            monthlyQuota: limits.monthlyQuota
        )
    }
}

extension TokenQuery {
    /// The query parameters that narrow a list.
    static let names: Set<String> = [
        "owner", "kind", "status", "tag", "q", "expires_before", "out_of_policy", "seen_by_departed",
    ]

    init(_ parameters: QueryParameters) throws(HTTPProblem) {
        self.init()
        kind = try Fields.word(parameters, "kind", as: APIToken.Kind.self)
        state = try Fields.word(parameters, "status", as: APIToken.State.self)
        tag = parameters["tag"]
        text = parameters["q"]
        expiresBefore = try Fields.time(parameters, "expires_before")
        isOutOfPolicy = try Fields.flag(parameters, "out_of_policy")
        isSeenByDeparted = try Fields.flag(parameters, "seen_by_departed")
        guard let text = parameters["owner"] else { return }
        guard let owner = APIToken.Owner(text) else {
            throw .invalid("owner", "Must be the id of a person (usr_…) or a service account (sva_…).")
        }
        self.owner = owner
    }
}

extension APIToken.Owner {
    /// Reads the id of a person or a service account.
    init?(_ text: String) {
        if let user = UserID(text) {
            self = .user(user)
        } else if let account = ServiceAccountID(text) {
            self = .serviceAccount(account)
        } else {
            return nil
        }
    }
}

extension TokenRotation {
    /// A grace in seconds; whether it suits the token is for its state machine to say.
    static func grace(_ seconds: Int64?) throws(HTTPProblem) -> Duration? {
        guard let seconds else { return nil }
        guard (0...Int64(longestGrace.components.seconds)).contains(seconds) else {
            throw .invalid("/grace_period_seconds", "Must be a whole number from 0 to 604800.")
        }
        return .seconds(seconds)
    }
}
