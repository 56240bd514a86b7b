/// A recommended beginning for a token of a common use (TOK-9); every part may be changed before it is made.
package struct TokenTemplate: Hashable, Sendable, Identifiable {
    package let id: String
    package let name: String
    package let description: String
    package let kind: APIToken.Kind
    package let scopes: [String]
    /// One of ``APITokenDraft/presets``, in days.
    package let expiresInDays: Int
    /// Whether the token should be bound to addresses.
    package let recommendsAddressList: Bool
    /// Recommended limits in calls; the plan's own limits stand beside them.
    package let perMinute: Int
    package let perDay: Int

    package static let all = [ci, monitoring, development, production, agents]

    package static let ci = TokenTemplate(
        id: "ci-cd",
        name: "CI/CD",
        description: "A pipeline that starts runs and renews the tokens of agents it deploys.",
        kind: .service,
        scopes: ["agents:read", "agents:rotate", "executions:run"],
        expiresInDays: 90,
        recommendsAddressList: true,
        perMinute: 120,
        perDay: 20_000
    )

    package static let monitoring = TokenTemplate(
        id: "monitoring",
        name: "Read-only monitoring",
        description: "A dashboard or alerting system that looks and changes nothing.",
        kind: .service,
        scopes: ["agents:read", "analytics:read"],
        expiresInDays: 365,
        recommendsAddressList: true,
        perMinute: 60,
        perDay: 50_000
    )

    package static let development = TokenTemplate(
        id: "development",
        name: "Development",
        description: "A developer's own work on one machine, for a short time.",
        kind: .personal,
        scopes: ["agents:read", "executions:run", "keys:read"],
        expiresInDays: 30,
        recommendsAddressList: false,
        perMinute: 60,
        perDay: 5000
    )

    package static let production = TokenTemplate(
        id: "production",
        name: "Production service",
        description: "A service that runs all the time and needs few rights.",
        kind: .service,
        scopes: ["agents:read", "executions:run"],
        expiresInDays: 90,
        recommendsAddressList: true,
        perMinute: 600,
        perDay: 500_000
    )

    package static let agents = TokenTemplate(
        id: "agent-management",
        name: "Agent management",
        description: "A program that creates, changes, rotates and revokes agents.",
        kind: .service,
        scopes: ["agents:read", "agents:write"],
        expiresInDays: 90,
        recommendsAddressList: true,
        perMinute: 120,
        perDay: 20_000
    )
}
