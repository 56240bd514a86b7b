import Domain

/// Tokens for tests.
enum TokenWorld {
    static let organization = id(1, OrganizationID.self)

    static func token(
        _ kind: APIToken.Kind = .personal,
        state: APIToken.State = .live,
        scopes: ScopeSet? = nil,
        addresses: [String] = [],
        expiresAt: Instant? = start + .days(30),
        previous: APIToken.Previous? = nil,
        serves: String? = nil
    ) throws -> APIToken {
        let profile = APITokenProfile(
            name: "deploy",
            scopes: try scopes ?? ScopeSet.parse(["agents:read"]).get(),
            addresses: try addresses.map { try AddressRange(parsing: $0) },
            serves: serves
        )
        return APIToken(
            id: id(1),
            organizationID: organization,
            workspaceID: id(1),
            owner: kind == .personal ? .user(id(1)) : .serviceAccount(id(1)),
            profile: profile,
            state: state,
            current: .init(stamp: stamp(1), issuedAt: start, expiresAt: expiresAt),
            previous: previous,
            createdBy: .anonymous,
            createdAt: start
        )
    }

    static func owner(
        _ role: OrganizationRole = .admin,
        _ status: MembershipStatus = .active
    ) -> EffectiveAccess {
        EffectiveAccess(Memberships(organization: Membership(role: role, status: status), workspace: nil))
    }
}
