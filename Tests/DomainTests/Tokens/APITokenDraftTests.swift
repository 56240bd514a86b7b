import Domain
import Testing

@Suite("Drafts and policies of tokens")
struct APITokenDraftTests {
    func paths(_ change: (inout APITokenDraft) -> Void) -> [String] {
        var draft = APITokenDraft(name: "deploy", scopes: ["agents:read"], expiry: .days(30))
        change(&draft)
        guard case .failure(let found) = draft.checked(now: start) else { return [] }
        #expect(found.faults.allSatisfy { $0.message.hasPrefix("must") })
        return found.faults.map(\.path)
    }

    @Test(
        "TOK-1: names of 0, 1, 255 and 256 characters, in every script, without control characters",
        arguments: [
            ("", false), ("a", true), (String(repeating: "é", count: 255), true),
            (String(repeating: "a", count: 256), false),
            ("развёртывание", true), ("部署", true), ("نشر", true), ("🚀", true), ("a\u{0}b", false), ("a\nb", false),
            ("a\tb", false), ("\u{7F}", false), ("\u{9B}31m", false), ("a\u{202E}b", false), ("a\u{2066}b", false),
            (" ", false),
        ]
    )
    func names(name: String, isAccepted: Bool) {
        #expect(paths { $0.name = name } == (isAccepted ? [] : ["/name"]))
    }

    @Test("TOK-1, TOK-8: each field at its least and most and beyond is named by itself")
    func fields() {
        #expect(paths { $0.description = String(repeating: "a", count: 1024) }.isEmpty)
        #expect(paths { $0.description = String(repeating: "a", count: 1025) } == ["/description"])
        #expect(paths { $0.tags = (0..<50).map { "t\($0)" } }.isEmpty)
        #expect(paths { $0.tags = (0..<51).map { "t\($0)" } } == ["/tags"])
        #expect(
            paths { $0.tags = ["", "a", String(repeating: "a", count: 64), String(repeating: "a", count: 65), "a"] }
                == ["/tags/0", "/tags/3", "/tags/4"]
        )
        #expect(
            paths { $0.addresses = ["192.0.2.0/24", "nowhere", "192.0.2.0/24"] } == ["/addresses/1", "/addresses/2"]
        )
        #expect(paths { $0.addresses = (0..<101).map { "192.0.2.\($0)" } } == ["/addresses"])
        #expect(paths { $0.addresses = (0..<100).map { "192.0.2.\($0)" } }.isEmpty)
        #expect(paths { $0.serves = "" } == ["/serves"])
        #expect(paths { $0.scopes = [] } == ["/scopes"])
        #expect(paths { $0.scopes = ["invoices:read"] } == ["/scopes/0"])
        #expect(
            paths { draft in
                draft.name = ""
                draft.scopes = ["*"]
                draft.expiry = .days(8)
            } == ["/scopes/0", "/name", "/expires_in_days"]
        )
    }

    @Test("TOK-1: presets, dates and no expiry; past, now, the year 9999 and leap seconds")
    func expiry() {
        for days in [0, 1, 7, 8, 30, 90, 365, 366, -7, .max, .min] {
            #expect(paths { $0.expiry = .days(days) }.isEmpty == [7, 30, 90, 365].contains(days))
        }
        #expect(paths { $0.expiry = .none }.isEmpty)
        let dates = [
            (start.rfc3339, false), ((start + .microseconds(1)).rfc3339, true),
            ((start - .microseconds(1)).rfc3339, false),
            ("9999-12-31T23:59:59.999999Z", true), ("9999-12-31T23:59:60Z", false), ("10000-01-01T00:00:00Z", false),
            ("2030-06-30T23:59:60Z", true), ("2030-06-29T23:59:60Z", false), ("2030-01-01", false), ("", false),
            ("soon", false),
        ]
        for (text, isAccepted) in dates {
            #expect(paths { $0.expiry = .date(text) } == (isAccepted ? [] : ["/expires_at"]), "\(text)")
        }
    }

    @Test("TOK-9: every template makes a token without fault that a manager may make", arguments: TokenTemplate.all)
    func templates(template: TokenTemplate) throws {
        let draft = APITokenDraft(name: template.name, scopes: template.scopes, expiry: .days(template.expiresInDays))
        let checked = try draft.checked(now: start).get()
        #expect(!checked.profile.scopes.isBroad)
        let manager = WorkspaceRole.manager.permissionSet
        try Grantor.holder(manager).check(giving: checked.profile.scopes, owner: manager, routes: knownRoutes)
        #expect(Set(TokenTemplate.all.map(\.id)).count == 5)
    }

    static let policy = OrganizationPolicy(
        maximumLifetime: [.service: .days(90)],
        expiryRequired: [.personal],
        allowedScopes: [:],
        serviceTokensNeedAddresses: true,
        maximumTokensPerOwner: 2,
        rotationInterval: [.service: .days(30)]
    )

    func policyPaths(
        _ kind: APIToken.Kind,
        expiresAt: Instant?,
        tokens: Int = 0,
        policy: OrganizationPolicy = policy
    ) throws -> [String] {
        let faults = policy.faultsAtCreation(
            of: try TokenWorld.token().profile,
            kind: kind,
            expiresAt: expiresAt,
            roles: [.organization(.admin)],
            tokensOfOwner: tokens,
            routes: knownRoutes,
            now: start
        )
        return faults.map(\.path)
    }

    @Test("ORG-9: lifetime, expiry, count, addresses and scopes at creation, each at its edge")
    func creation() throws {
        #expect(try policyPaths(.personal, expiresAt: .latest) == [])
        #expect(try policyPaths(.personal, expiresAt: nil) == ["/expires_at"])
        #expect(try policyPaths(.service, expiresAt: start + .days(90)) == ["/addresses"])
        #expect(
            try policyPaths(.service, expiresAt: start + .days(90) + .microseconds(1)) == ["/addresses", "/expires_at"]
        )
        #expect(try policyPaths(.service, expiresAt: nil) == ["/addresses", "/expires_at"])
        #expect(try policyPaths(.personal, expiresAt: .latest, tokens: 1) == [])
        #expect(try policyPaths(.personal, expiresAt: .latest, tokens: 2) == [""])
        let bound = OrganizationPolicy(allowedScopes: [.organization(.admin): try scopes("agents:rotate")])
        #expect(try policyPaths(.personal, expiresAt: nil, policy: bound) == ["/scopes/0"])
        #expect(try policyPaths(.personal, expiresAt: nil, policy: .none) == [])
    }

    @Test("ORG-9: existing tokens are listed as out of policy with their reasons")
    func outOfPolicy() throws {
        func reasons(_ token: APIToken, _ policy: OrganizationPolicy, now: Instant) -> [OrganizationPolicy.Reason] {
            policy.outOfPolicy(token, roles: [.workspace(.developer)], routes: knownRoutes, now: now)
        }
        let old = try TokenWorld.token(.service, expiresAt: start + .days(91))
        #expect(reasons(old, Self.policy, now: start + .days(30)) == [.lifetimeTooLong, .withoutAddresses])
        let endless = try TokenWorld.token(.service, expiresAt: nil)
        #expect(
            reasons(endless, Self.policy, now: start + .days(31)) == [
                .withoutExpiry, .withoutAddresses, .rotationOverdue,
            ]
        )
        #expect(reasons(try TokenWorld.token(.service, state: .revoked, expiresAt: nil), Self.policy, now: start) == [])
        let bound = OrganizationPolicy(allowedScopes: [.workspace(.developer): try scopes("keys:read")])
        #expect(reasons(endless, bound, now: start) == [.scopesNotAllowed(["agents:read"])])
        #expect(reasons(endless, .none, now: start) == [])
    }
}
