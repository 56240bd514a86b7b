package import Domain

/// What is asked of a token by the owner of an API, or by a proxy in front of one (TOK-5).
package struct VerificationQuestion: Sendable {
    /// The token's text, unchecked.
    package var text: String
    /// For which organization is asked; tokens of others don't exist.
    package var organizationID: OrganizationID
    package var api: ProtectedAPI?
    package var wants: [Scope]
    package var cost: LimitCost
    /// The client's address, if somebody trustworthy told it.
    package var address: IPAddress?
    /// From where it is asked; noted where the client's address isn't known.
    package var asker: IPAddress?
    /// The credential that asks; look-ups of unknown tokens count among those of its organization.
    ///
    /// Absent where the client itself knocks, so that its address counts.
    package var source: CredentialID?
    /// What the use is counted under.
    package var endpoint: String
    /// Whether the answer tells how the limits stand.
    package var wantsStandings = false

    package init(
        text: String,
        organizationID: OrganizationID,
        api: ProtectedAPI? = nil,
        wants: [Scope] = [],
        cost: LimitCost = .one,
        address: IPAddress? = nil,
        asker: IPAddress? = nil,
        source: CredentialID? = nil,
        endpoint: String
    ) {
        self.text = text
        self.organizationID = organizationID
        self.api = api
        self.wants = wants
        self.cost = cost
        self.address = address
        self.asker = asker
        self.source = source
        self.endpoint = endpoint
    }
}

/// What came of a verification.
package enum VerificationAnswer: Sendable {
    case valid(Valid)
    case refused(Refused)

    package struct Valid: Sendable {
        package let token: IndexedToken
        /// Whether it was the text before the current one, in its grace.
        package let isPrevious: Bool
        package let limits: LimitSubject.Outcome?
    }

    package struct Refused: Sendable {
        package let code: ControlPlaneError.Code
        /// The token, if whoever asks may know that it exists.
        package let token: IndexedToken?
        /// The scope that was missing, with `InsufficientScope`.
        package let missingScope: String?
        /// Why, with `InsufficientScope`: the token has the scope, and its owner's rights or a policy withhold it.
        let conflict: AccessConflict?
        /// With `RateLimitExceeded` and `QuotaExhausted`.
        package let limits: LimitSubject.Outcome?

        init(
            _ code: ControlPlaneError.Code,
            token: IndexedToken? = nil,
            missingScope: String? = nil,
            conflict: AccessConflict? = nil,
            limits: LimitSubject.Outcome? = nil
        ) {
            self.code = code
            self.token = token
            self.missingScope = missingScope
            self.conflict = conflict
            self.limits = limits
        }
    }

    /// Whether the text that was shown lives: what is dead, or not accepted there, is no use of the token.
    var isUse: Bool {
        switch self {
        case .valid: true
        case .refused(let refused):
            [.addressNotAllowed, .insufficientScope, .rateLimitExceeded, .quotaExhausted].contains(refused.code)
        }
    }

    /// `ok`, or the code of the refusal.
    package var outcome: String {
        switch self {
        case .valid: "ok"
        case .refused(let refused): refused.code.rawValue
        }
    }
}

extension LimitRefusal {
    /// The code that a refusal is told by: a quota is not a rate.
    package var code: ControlPlaneError.Code {
        kind == .month && !isWithheld ? .quotaExhausted : .rateLimitExceeded
    }
}
