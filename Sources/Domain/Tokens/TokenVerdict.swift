/// What the check of one use of a token says, before limits are counted (TOK-5).
package enum TokenVerdict: Hashable, Sendable {
    /// Good; whether it was the previous text in its grace.
    case valid(isPrevious: Bool)
    case refused(Refusal)

    /// The distinct answers, in the order in which they win.
    package enum Code: String, CaseIterable, Sendable {
        case revokedToken = "RevokedToken"
        case blocked = "Blocked"
        case suspendedToken = "SuspendedToken"
        case rotatedOutToken = "RotatedOutToken"
        case expiredToken = "ExpiredToken"
        case invalidToken = "InvalidToken"
        case addressNotAllowed = "AddressNotAllowed"
        case insufficientScope = "InsufficientScope"
    }

    package struct Refusal: Hashable, Sendable {
        package let code: Code
        /// The scope that was missing, and nothing more (with ``Code/insufficientScope``).
        package let missingScope: String?
        /// For the log: a scope was there, and owner or policy withheld the right.
        package let conflict: AccessConflict?

        package init(_ code: Code, missingScope: String? = nil, conflict: AccessConflict? = nil) {
            self.code = code
            self.missingScope = missingScope
            self.conflict = conflict
        }
    }

    /// Checks a use.
    ///
    /// A token of another organization is unknown before anything else is looked at: its state is nobody else's
    /// business. Then state and block, rotation, expiry, owner, kind and audience, address, scopes.
    ///
    /// `routes`: what each route does, for wanted `endpoint:` scopes.
    package static func check(
        _ record: TokenRecord,
        _ use: TokenUse,
        routes: [ScopeRoute: ScopeAction] = [:],
        now: Instant
    ) -> TokenVerdict {
        if let organization = use.organizationID, organization != record.organizationID {
            return .refused(Refusal(.invalidToken))
        }
        if let code = life(record, use.text, now: now) ?? place(record, use) { return .refused(Refusal(code)) }
        for want in use.wants {
            if let refusal = refusal(of: want, record.access, routes) { return .refused(refusal) }
        }
        if let api = use.api {
            for scope in api.requiredScopes {
                if let refusal = refusal(of: scope, record.access, routes) { return .refused(refusal) }
            }
        }
        return .valid(isPrevious: use.text == .previous)
    }

    /// Whether the text shown lives.
    private static func life(_ record: TokenRecord, _ text: TokenUse.Text, now: Instant) -> Code? {
        if record.state == .revoked { return .revokedToken }
        if record.isBlocked { return .blocked }
        if record.state != .live { return .suspendedToken }
        switch text {
        case .retired: return .rotatedOutToken
        case .previous:
            guard let end = record.previousEndsAt, now < end else { return .rotatedOutToken }
        case .current:
            if let end = record.endsAt, now >= end { return .expiredToken }
        }
        return record.isOwnerActive ? nil : .invalidToken
    }

    /// Whether it may be shown there, from there.
    private static func place(_ record: TokenRecord, _ use: TokenUse) -> Code? {
        if let api = use.api {
            guard api.acceptedKinds.contains(record.kind) else { return .invalidToken }
            if let audience = api.audience, record.serves != audience { return .invalidToken }
        }
        if record.lacksAddresses { return .addressNotAllowed }
        guard !record.addresses.isEmpty else { return nil }
        guard case .known(let address) = use.address else { return .addressNotAllowed }
        return record.addresses.contains { $0.contains(address) } ? nil : .addressNotAllowed
    }

    private static func refusal(
        of scope: Scope,
        _ access: TokenAccess,
        _ routes: [ScopeRoute: ScopeAction]
    ) -> Refusal? {
        guard !access.covers(scope, routes: routes) else { return nil }
        return Refusal(.insufficientScope, missingScope: scope.text, conflict: conflict(over: scope, access, routes))
    }

    /// What withheld a scope that the token has: its owner's rights, or else a policy.
    private static func conflict(
        over scope: Scope,
        _ access: TokenAccess,
        _ routes: [ScopeRoute: ScopeAction]
    ) -> AccessConflict? {
        guard access.scopes.covers(scope, routes: routes) else { return nil }
        let needed = scope.permissions(routes: routes)
        if let missing = needed.subtracting(access.owner).permissions.first {
            return AccessConflict(.scopeBeyondOwner, permission: missing, scope: scope.text)
        }
        guard access.bounds.contains(where: { !$0.covers(scope, routes: routes) }) else { return nil }
        return AccessConflict(.withheldByPolicy, permission: needed.permissions.first, scope: scope.text)
    }
}
