import ClavigerWire
import ControlPlane
import Domain

extension TokenResponse {
    /// The token as whoever asked may see it.
    init(_ view: TokenView) {
        let token = view.token
        let profile = token.profile
        self.init(
            id: token.id.text,
            kind: token.kind.rawValue,
            workspaceID: token.workspaceID.text,
            owner: TokenOwnerResponse(token.owner, name: view.ownerName),
            name: profile.name,
            description: profile.description.isEmpty ? nil : profile.description,
            scopes: profile.scopes.texts,
            isBroad: profile.scopes.isBroad,
            tags: profile.tags,
            addresses: profile.addresses.map(\.text),
            serves: profile.serves,
            limits: profile.limits.map(TokenLimits.init),
            status: token.state.rawValue,
            prefix: token.current.stamp.prefix,
            generation: token.generation,
            issuedAt: token.current.issuedAt.rfc3339,
            expiresAt: token.current.expiresAt?.rfc3339,
            previousValidUntil: token.previous?.validUntil.rfc3339,
            rotationRequiredBy: token.rotationRequiredBy?.rfc3339,
            lastUsedAt: view.lastUsedAt?.rfc3339,
            lastAddress: view.lastAddress,
            outOfPolicy: view.outOfPolicy.map(PolicyReasonResponse.init),
            createdAt: token.createdAt.rfc3339,
            createdBy: TokenActorResponse(token.createdBy),
            revokedAt: token.revokedAt?.rfc3339
        )
    }
}

extension TokenLimits {
    init(_ limits: LimitOverride) {
        let figures = limits.figures
        self.init(
            burst: figures.burst,
            perMinute: figures.perMinute,
            perHour: figures.perHour,
            perDay: figures.perDay,
            monthlyQuota: figures.monthlyQuota
        )
    }
}

extension TokenOwnerResponse {
    init(_ owner: APIToken.Owner, name: String?) {
        let kind =
            switch owner {
            case .user: "user"
            case .serviceAccount: "service_account"
            }
        self.init(kind: kind, id: owner.id, name: name)
    }
}

extension TokenActorResponse {
    init(_ actor: Actor) {
        self.init(kind: actor.kind.rawValue, id: actor.id, name: actor.name)
    }
}

extension PolicyReasonResponse {
    init(_ reason: OrganizationPolicy.Reason) {
        switch reason {
        case .lifetimeTooLong: self.init(reason: "lifetime_too_long")
        case .withoutExpiry: self.init(reason: "without_expiry")
        case .withoutAddresses: self.init(reason: "without_addresses")
        case .rotationOverdue: self.init(reason: "rotation_overdue")
        case .scopesNotAllowed(let scopes): self.init(reason: "scopes_not_allowed", scopes: scopes)
        }
    }
}
