import Domain
package import SQLDatabase

/// Every statement the store can make, so that a test prepares each on every engine.
package enum StoreStatements {
    /// The named constants, and of each list put together from pieces one with all its pieces.
    package static var all: [Statement] { constants + lists }

    /// The few that only PostgreSQL understands; SQLite's forms are among ``all``.
    package static var postgresOnly: [Statement] { ChangeStatements.all }

    private static var constants: [Statement] {
        [
            [MigrationRunner.record, MigrationRunner.list, MigrationRunner.times], AgentStore.statements,
            PresenceStore.statements, AgentEventStore.statements, CredentialStore.statements,
            RetiredTokenStore.statements,
            RotationStore.statements, AuditStore.statements, OrganizationStore.statements, UserStore.statements,
            MembershipStore.statements, SessionStore.statements, OneTimeSecretStore.statements,
            SettingStore.statements, OrganizationSettingStore.statements, IdempotencyStore.statements,
            SealedStore.statements, ChangeLogStore.statements,
            LeaseStore.statements, NodeStore.statements, StartTurn.statements, CustomRoleStore.statements,
            ServiceAccountStore.statements, PolicyStore.statements, APITokenStore.statements,
            APITokenStore.tenantStatements,
            RetiredAPITokenStore.statements, ProtectedAPIStore.statements, RegisteredScopeStore.statements,
            TokenUseStore.statements, LimitLedgerStore.statements, LimitHitStore.statements, TokenLimitStore.statements,
            UsageStore.statements, MemberStore.statements, PlanStore.statements, AccessConflictStore.statements,
            TokenHistoryStore.statements, NotificationStore.statements,
        ].flatMap { $0 }
    }

    private static var lists: [Statement] {
        let ids = IDSource(
            clock: WallClock { Instant(microseconds: 0) },
            random: RandomSource { Array(repeating: 0, count: $0) }
        )
        let now = Instant(microseconds: 0)
        let cursor = PageCursor(time: now, id: "")
        var agents = AgentQuery(state: .active, isConnected: true, environment: "", text: "", after: ids.next())
        agents.label = ("", "")
        let away = AgentQuery(isConnected: false)
        let events = AgentEventQuery(kinds: AgentEvent.Kind.allCases, since: now, until: now, after: ids.next())
        var audit = AuditFilter()
        audit.actions = ["", ""]
        audit.outcome = .denied
        audit.actorID = ""
        audit.target = AuditTarget(kind: "", id: "")
        audit.from = now
        audit.until = now
        var tokens = APITokenQuery()
        tokens.workspace = ids.next()
        tokens.owner = .user(ids.next())
        tokens.kind = .personal
        tokens.states = APIToken.State.allCases
        tokens.tag = ""
        tokens.text = ""
        tokens.expiresBefore = now
        tokens.ids = [ids.next()]
        tokens.isSeenByDeparted = true
        tokens.after = ids.next()
        var accounts = APITokenQuery()
        accounts.owner = .serviceAccount(ids.next())
        let members = MemberQuery(status: .active, role: .owner, text: "", after: ids.next())
        return [
            MemberStore.listing(organization: ids.next(), query: members),
            MemberStore.listing(organization: ids.next(), query: MemberQuery()),
            APITokenStore.listing(organization: ids.next(), query: tokens),
            APITokenStore.listing(organization: ids.next(), query: accounts),
            ServiceAccountStore.listing(workspace: ids.next(), after: ids.next(), limit: 1),
            AgentStore.listing(workspace: ids.next(), query: agents),
            AgentStore.listing(workspace: ids.next(), query: away),
            AgentEventStore.listing(of: ids.next(), query: events),
            AuditStore.listing(organization: ids.next(), filter: audit, after: cursor, limit: 1),
            AuditStore.listing(organization: nil, filter: AuditFilter(), after: nil, limit: 1),
            CredentialStore.dueListing(
                issuedBefore: now,
                expiresBefore: now,
                now: now,
                after: cursor,
                limit: 1
            ),
            RotationStore.listing(in: [.issued], after: cursor, limit: 1),
        ].map(\.statement)
    }
}
