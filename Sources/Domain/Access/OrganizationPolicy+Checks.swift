extension OrganizationPolicy {
    /// What policy has against a new token, as sentences for its fields.
    ///
    /// `tokensOfOwner`: how many tokens that aren't revoked the owner has already.
    package func faultsAtCreation(
        of profile: APITokenProfile,
        kind: APIToken.Kind,
        expiresAt: Instant?,
        roles: [AccessRole],
        tokensOfOwner: Int,
        routes: [ScopeRoute: ScopeAction],
        now: Instant
    ) -> [FieldFault] {
        var check = FieldCheck()
        if let maximum = maximumTokensPerOwner, tokensOfOwner >= maximum {
            check.fault("", "the organization's policy allows \(maximum) tokens per owner")
        }
        for (place, scope) in profile.scopes.scopes.enumerated() where !allows(scope, roles: roles, routes: routes) {
            check.fault(
                "/scopes/\(place)",
                "\(scope.text) is not allowed to the owner's role by the organization's policy"
            )
        }
        if !acceptsAddresses(profile.addresses, kind: kind) {
            check.fault("/addresses", "must name at least one address: the organization's policy requires it")
        }
        return check.faults + faultsAtRotation(kind: kind, expiresAt: expiresAt, now: now)
    }

    /// What policy has against the expiry of a new text.
    package func faultsAtRotation(kind: APIToken.Kind, expiresAt: Instant?, now: Instant) -> [FieldFault] {
        var check = FieldCheck()
        let limit = maximumLifetime[kind.policyKind]
        if let expiresAt {
            if let limit, expiresAt > now + limit {
                let seconds = limit.components.seconds
                check.fault("/expires_at", "must lie at most \(seconds) seconds ahead by the organization's policy")
            }
        } else if limit != nil || expiryRequired.contains(kind.policyKind) {
            check.fault("/expires_at", "must be given: the organization's policy requires an expiry")
        }
        return check.faults
    }

    /// When a token's next text ends: after the same length of life as the current one, as far as policy lets it.
    ///
    /// A token without an end gets the longest life there is where policy demands one.
    package func renewedExpiry(of token: APIToken, now: Instant) -> Instant? {
        let kind = token.kind.policyKind
        let longest = maximumLifetime[kind].map { now + $0 }
        if let same = TokenRotation.renewedExpiry(of: token, now: now) { return longest.map { min(same, $0) } ?? same }
        guard longest != nil || expiryRequired.contains(kind) else { return nil }
        return longest ?? now + .days(APITokenDraft.presets.max() ?? 365)
    }

    /// Why an existing token is not as policy wants it now.
    package enum Reason: Hashable, Sendable {
        case lifetimeTooLong
        case withoutExpiry
        case withoutAddresses
        case rotationOverdue
        /// Scopes that don't count any more, in canonical order.
        case scopesNotAllowed([String])
    }

    /// The reasons for which a token is out of policy, in a fixed order; none for one that is revoked.
    package func outOfPolicy(
        _ token: APIToken,
        roles: [AccessRole],
        routes: [ScopeRoute: ScopeAction],
        now: Instant
    ) -> [Reason] {
        guard token.state != .revoked else { return [] }
        let kind = token.kind.policyKind
        var reasons: [Reason] = []
        if let expiry = token.current.expiresAt {
            if let limit = maximumLifetime[kind], expiry > token.current.issuedAt + limit {
                reasons.append(.lifetimeTooLong)
            }
        } else if maximumLifetime[kind] != nil || expiryRequired.contains(kind) {
            reasons.append(.withoutExpiry)
        }
        if !acceptsAddresses(token.profile.addresses, kind: token.kind) { reasons.append(.withoutAddresses) }
        if let interval = rotationInterval[kind], now > token.current.issuedAt + interval {
            reasons.append(.rotationOverdue)
        }
        let refused = token.profile.scopes.scopes.filter { !allows($0, roles: roles, routes: routes) }
        if !refused.isEmpty { reasons.append(.scopesNotAllowed(refused.map(\.text))) }
        return reasons
    }

    /// Whether a token of an owner with these roles may carry the scope.
    package func allows(_ scope: Scope, roles: [AccessRole], routes: [ScopeRoute: ScopeAction]) -> Bool {
        bounds(for: roles).allSatisfy { $0.covers(scope, routes: routes) }
    }
}
