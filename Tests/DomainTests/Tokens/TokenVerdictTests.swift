import Domain
import Testing

@Suite("The check of a use")
struct TokenVerdictTests {
    func code(
        _ token: APIToken,
        _ use: TokenUse = TokenUse(text: .current, address: .unknown),
        owner: EffectiveAccess = TokenWorld.owner(),
        policy: OrganizationPolicy = .none,
        isBlocked: Bool = false,
        now: Instant = start
    ) -> TokenVerdict.Code? {
        let record = TokenRecord(token, owner: owner, policy: policy, isBlocked: isBlocked)
        guard case .refused(let refusal) = TokenVerdict.check(record, use, routes: knownRoutes, now: now) else {
            return nil
        }
        return refusal.code
    }

    func api(
        _ kinds: Set<TokenKind> = [.personal],
        audience: String? = nil,
        needs: [String] = []
    ) throws -> ProtectedAPI {
        ProtectedAPI(
            id: id(1),
            organizationID: TokenWorld.organization,
            name: "Billing",
            audience: audience,
            requiredScopes: try needs.map { try Scope(parsing: $0) },
            acceptedKinds: kinds
        )
    }

    @Test("TOK-5: with every fault at once the first code of the order answers, and so on as they are mended")
    func order() throws {
        let previous = APIToken.Previous(
            stamp: stamp(9),
            generation: 1,
            validUntil: start + .hours(1),
            expiresAt: nil,
            endsAtFirstUse: false
        )
        var token = try TokenWorld.token(.service, state: .revoked, addresses: ["192.0.2.0/24"], previous: previous)
        let want = try Scope(parsing: "audit:read")
        var use = TokenUse(text: .previous, address: .unknown, wants: [want], api: try api())
        var owner = TokenWorld.owner(.admin, .paused)
        var isBlocked = true
        var now = start + .days(40)
        func answer() -> TokenVerdict.Code? { code(token, use, owner: owner, isBlocked: isBlocked, now: now) }
        #expect(answer() == .revokedToken)
        token.state = .suspended
        #expect(answer() == .blocked)
        isBlocked = false
        #expect(answer() == .suspendedToken)
        token.state = .live
        #expect(answer() == .rotatedOutToken)
        use.text = .current
        #expect(answer() == .expiredToken)
        now = start
        #expect(answer() == .invalidToken)
        owner = TokenWorld.owner()
        #expect(answer() == .invalidToken)
        use.api = try api([.service])
        #expect(answer() == .addressNotAllowed)
        use.address = .known(try #require(IPAddress("192.0.2.9")))
        #expect(answer() == .insufficientScope)
        use.wants = []
        #expect(answer() == nil)
    }

    @Test(
        "TOK-5, ORG-1: a token of another organization is unknown, whatever its state",
        arguments: APIToken.State.allCases
    )
    func tenant(state: APIToken.State) throws {
        let use = TokenUse(text: .current, address: .unknown, organizationID: id(2))
        #expect(code(try TokenWorld.token(state: state), use, isBlocked: true, now: start + .days(90)) == .invalidToken)
    }

    @Test("TOK-1, TOK-7: paused and suspended tokens are refused, and expiry counts to the microsecond")
    func life() throws {
        #expect(code(try TokenWorld.token(state: .paused)) == .suspendedToken)
        let token = try TokenWorld.token()
        let end = start + .days(30)
        #expect(code(token, now: end - .microseconds(1)) == nil)
        #expect(code(token, now: end) == .expiredToken)
        #expect(code(try TokenWorld.token(expiresAt: nil), now: .latest) == nil)
    }

    @Test("ROT-13: the previous text works to the end of its grace, and both end where the owner had to rotate")
    func previous() throws {
        var machine = TokenStateMachine(try TokenWorld.token(.personal))
        let order = TokenRotation(stamp: stamp(2), asker: .owner, grace: .hours(100), expiresAt: start + .days(60))
        try machine.rotate(order, now: start)
        let use = TokenUse(text: .previous, address: .unknown)
        let end = start + .hours(100)
        #expect(code(machine.token, use, now: end - .microseconds(1)) == nil)
        #expect(code(machine.token, use, now: end) == .rotatedOutToken)
        #expect(code(machine.token, TokenUse(text: .retired, address: .unknown)) == .rotatedOutToken)
        _ = try machine.requireRotation(now: start)
        #expect(code(machine.token, use, now: start + .hours(72)) == .rotatedOutToken)
        #expect(code(machine.token, now: start + .hours(72) - .microseconds(1)) == nil)
        #expect(code(machine.token, now: start + .hours(72)) == .expiredToken)
    }

    @Test(
        "ORG-4, TOK-10: the token of an invited, paused or removed member is invalid",
        arguments: MembershipStatus.allCases
    )
    func owners(status: MembershipStatus) throws {
        let answer = code(try TokenWorld.token(), owner: TokenWorld.owner(.owner, status))
        #expect(answer == (status == .active ? nil : .invalidToken))
    }

    @Test("TOK-5: kinds that aren't accepted and other audiences are invalid")
    func audience() throws {
        func at(_ api: ProtectedAPI, serves: String? = nil) throws -> TokenVerdict.Code? {
            code(try TokenWorld.token(serves: serves), TokenUse(text: .current, address: .unknown, api: api))
        }
        #expect(try at(api([.personal])) == nil)
        #expect(try at(api([.service, .agent, .session])) == .invalidToken)
        #expect(try at(api([])) == .invalidToken)
        #expect(try at(api(audience: "billing")) == .invalidToken)
        #expect(try at(api(audience: "billing"), serves: "crm") == .invalidToken)
        #expect(try at(api(audience: "billing"), serves: "billing") == nil)
        #expect(try at(api(), serves: "crm") == nil)
        #expect(try api(Set(TokenKind.allCases)).acceptedKinds == ProtectedAPI.possibleKinds)
    }

    @Test("TOK-5: a token with an address list and no trustworthy client address is refused")
    func addresses() throws {
        let token = try TokenWorld.token(addresses: ["192.0.2.0/24", "198.51.100.7/32"])
        #expect(code(token) == .addressNotAllowed)
        for (text, isIn) in [
            ("192.0.2.255", true), ("198.51.100.7", true), ("192.0.3.0", false), ("198.51.100.8", false),
        ] {
            let use = TokenUse(text: .current, address: .known(try #require(IPAddress(text))))
            #expect(code(token, use) == (isIn ? nil : .addressNotAllowed))
        }
        let policy = OrganizationPolicy(serviceTokensNeedAddresses: true)
        #expect(code(try TokenWorld.token(.service), policy: policy) == .addressNotAllowed)
        #expect(code(try TokenWorld.token(.personal), policy: policy) == nil)
    }

    func refusal(
        _ token: APIToken,
        _ want: Scope,
        owner: EffectiveAccess,
        policy: OrganizationPolicy = .none
    ) -> TokenVerdict.Refusal? {
        let record = TokenRecord(token, owner: owner, policy: policy)
        let use = TokenUse(text: .current, address: .unknown, wants: [want])
        guard case .refused(let refusal) = TokenVerdict.check(record, use, routes: knownRoutes, now: start) else {
            return nil
        }
        return refusal
    }

    @Test(
        "ORG-6, ORG-8, ORG-9: scope, owner and policy each refuse by the name of the scope; the log hears which it was"
    )
    func insufficient() throws {
        let token = try TokenWorld.token(scopes: try scopes("agents:read", "agents:rotate", "invoices:read"))
        let rotate = try Scope(parsing: "agents:rotate")
        #expect(refusal(token, rotate, owner: TokenWorld.owner()) == nil)
        let create = try Scope(parsing: "agents:create")
        #expect(
            refusal(token, create, owner: TokenWorld.owner())
                == .init(.insufficientScope, missingScope: "agents:create")
        )
        let beyond = AccessConflict(.scopeBeyondOwner, permission: .agentsRotate, scope: "agents:rotate")
        let auditor = TokenWorld.owner(.auditor)
        #expect(
            refusal(token, rotate, owner: auditor)
                == .init(.insufficientScope, missingScope: "agents:rotate", conflict: beyond)
        )
        let policy = OrganizationPolicy(allowedScopes: [.organization(.admin): try scopes("agents:read")])
        let withheld = AccessConflict(.withheldByPolicy, permission: .agentsRotate, scope: "agents:rotate")
        #expect(refusal(token, rotate, owner: TokenWorld.owner(), policy: policy)?.conflict == withheld)
        #expect(refusal(token, rotate, owner: TokenWorld.owner(.owner), policy: policy) == nil)
        let invoices = try Scope(parsing: "invoices:read")
        #expect(refusal(token, invoices, owner: TokenWorld.owner())?.missingScope == "invoices:read")
    }

    @Test("TOK-5: the scopes that an API requires are asked beside those the request wants")
    func required() throws {
        let use = TokenUse(text: .current, address: .unknown, api: try api(needs: ["agents:read", "agents:rotate"]))
        #expect(code(try TokenWorld.token(), use) == .insufficientScope)
        #expect(code(try TokenWorld.token(scopes: try scopes("agents:read", "agents:rotate")), use) == nil)
    }
}
