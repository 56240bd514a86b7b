import ControlPlane
import Domain

/// Records and hashes that stand for nothing in a store.
enum IndexSample {
    private static let ids = IDSource(
        clock: WallClock { Instant(microseconds: 1_770_000_000_000_000) },
        random: .system
    )

    static func hash(_ number: Int) -> TokenHash {
        let digits = Array("\(number)".utf8)
        let bytes = (0..<32).map { place in place < digits.count ? digits[place] : UInt8(place * 7) }
        guard let hash = TokenHash(bytes: bytes) else { preconditionFailure("32 bytes are a hash") }
        return hash
    }

    static func token(_ sources: [String] = [], limits: EffectiveLimits = .none) -> IndexedToken {
        let start = Instant(microseconds: 1_770_000_000_000_000)
        guard let scopes = ScopeSet([Scope(.agentsRead)]) else { preconditionFailure("one scope is a set") }
        let stamp = TokenStamp(hash: StoredHash(pepperID: 1, hash: hash(0)), prefix: "clv_pt_a1B2")
        let user: UserID = ids.next()
        let token = APIToken(
            id: ids.next(),
            organizationID: ids.next(),
            workspaceID: ids.next(),
            owner: .user(user),
            profile: APITokenProfile(name: "sample", scopes: scopes),
            current: APIToken.Current(stamp: stamp, issuedAt: start, expiresAt: nil),
            createdBy: Actor(kind: .user, id: user.text, name: nil),
            createdAt: start
        )
        let memberships = Memberships(
            organization: Membership(role: .owner, status: .active),
            workspace: Membership(role: .manager, status: .active)
        )
        return IndexedToken(
            token,
            text: .current,
            record: TokenRecord(token, owner: EffectiveAccess(memberships)),
            ownerName: nil,
            limits: limits,
            sources: IndexSources(sources)
        )
    }
}
