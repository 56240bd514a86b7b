import ClavigerWire
import ControlPlane
import Domain

extension TokenDetailsResponse {
    /// Everything about a token that whoever asked may see.
    init(_ details: TokenDetails) {
        self.init(
            token: TokenResponse(details.view),
            effectiveScopes: details.lines.map(EffectiveScopeResponse.init),
            limits: details.limits.map { standing in
                let own = details.view.token.profile.limits?.figures[standing.kind]
                return TokenLimitResponse(standing, isOwn: own == standing.limit)
            },
            addresses: details.addresses.map(TokenAddressResponse.init),
            shownTo: details.viewers.map(TokenViewerResponse.init),
            retired: details.retired.map(RetiredTokenResponse.init),
            events: details.events.map(AuditEventResponse.init)
        )
    }
}

extension TokenLimitResponse {
    init(_ standing: LimitStanding, isOwn: Bool) {
        self.init(
            name: standing.kind.field,
            limit: standing.limit,
            used: standing.limit - standing.left,
            remaining: standing.left,
            windowSeconds: Int(standing.window.components.seconds),
            resetsAt: standing.fullAt.rfc3339,
            isOwn: isOwn
        )
    }
}

extension EffectiveScopeResponse {
    init(_ line: TokenAccess.ScopeLine) {
        self.init(
            scope: line.scope.text,
            isInForce: line.isInForce,
            permissions: line.permissions.permissions.map(\.rawValue),
            beyondOwner: line.beyondOwner.permissions.map(\.rawValue),
            deniedByPolicy: line.deniedByPolicy.permissions.map(\.rawValue)
        )
    }
}

extension TokenAddressResponse {
    init(_ address: TokenDetails.Address) {
        self.init(
            address: address.address,
            firstSeenAt: address.firstSeenAt.rfc3339,
            lastSeenAt: address.lastSeenAt.rfc3339,
            uses: address.uses
        )
    }
}

extension TokenViewerResponse {
    init(_ viewer: TokenDetails.Viewer) {
        self.init(
            userID: viewer.user.text,
            email: viewer.email,
            shownAt: viewer.shownAt.rfc3339,
            hasLeft: viewer.hasLeft
        )
    }
}

extension RetiredTokenResponse {
    init(_ retired: TokenDetails.Retired) {
        self.init(
            generation: retired.generation,
            prefix: retired.prefix,
            retiredAt: retired.retiredAt.rfc3339,
            uses: retired.uses,
            lastUsedAt: retired.lastUsedAt?.rfc3339
        )
    }
}
