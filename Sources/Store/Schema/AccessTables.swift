import SQLDatabase

/// Migration 0003, first part: custom roles, overrides, policies, plans, invitations and service accounts.
///
/// It only adds: a node of the version before goes on working beside it (DST-7).
enum AccessTables {
    static let steps: [Migration.Step] =
        (roles + plans + builtInPlans + accounts).map { .both($0) }
        + cached.flatMap(ChangeLogTriggers.steps) + ChangeLogTriggers.widening(memberships)

    /// Named sets of permissions, and what single memberships have beyond or below their role.
    private static let roles = [
        """
        CREATE TABLE custom_role (
            id {text} NOT NULL PRIMARY KEY,
            organization_id {text} NOT NULL REFERENCES organization (id),
            name {text} NOT NULL,
            description {text} NOT NULL,
            permissions {text} NOT NULL,
            created_at {int} NOT NULL,
            updated_at {int} NOT NULL,
            version {int} NOT NULL,
            UNIQUE (organization_id, name)
        ) {strict}
        """,
        "ALTER TABLE membership ADD COLUMN custom_role_id {text} REFERENCES custom_role (id)",
        "ALTER TABLE membership ADD COLUMN granted {text}",
        "ALTER TABLE membership ADD COLUMN denied {text}",
        "ALTER TABLE one_time_secret ADD COLUMN created_by_kind {text}",
        "ALTER TABLE one_time_secret ADD COLUMN created_by_id {text}",
        "ALTER TABLE one_time_secret ADD COLUMN created_by_name {text}",
        "CREATE INDEX membership_by_custom_role ON membership (custom_role_id) WHERE custom_role_id IS NOT NULL",
        """
        CREATE TABLE organization_policy (
            organization_id {text} NOT NULL PRIMARY KEY REFERENCES organization (id),
            policy {text} NOT NULL,
            updated_at {int} NOT NULL,
            updated_by {text},
            version {int} NOT NULL
        ) {strict}
        """,
        """
        CREATE TABLE organization_setting (
            organization_id {text} NOT NULL REFERENCES organization (id),
            name {text} NOT NULL,
            value {text} NOT NULL,
            updated_at {int} NOT NULL,
            updated_by {text},
            version {int} NOT NULL,
            PRIMARY KEY (organization_id, name)
        ) {strict}
        """,
        """
        CREATE TABLE approval_request (
            id {text} NOT NULL PRIMARY KEY,
            organization_id {text} NOT NULL REFERENCES organization (id),
            workspace_id {text} REFERENCES workspace (id),
            operation {text} NOT NULL,
            plan {text} NOT NULL,
            plan_hash {bytes} NOT NULL CHECK (length(plan_hash) = 32),
            requested_by {text} NOT NULL REFERENCES user_account (id),
            requested_at {int} NOT NULL,
            expires_at {int} NOT NULL,
            decided_by {text} REFERENCES user_account (id),
            decided_at {int},
            decision {text} CHECK (decision IN ('approved', 'denied')),
            CHECK ((decided_by IS NULL) = (decided_at IS NULL)),
            CHECK ((decided_by IS NULL) = (decision IS NULL)),
            CHECK (decided_by <> requested_by)
        ) {strict}
        """,
        """
        CREATE TABLE access_conflict (
            token_id {text} NOT NULL,
            permission {text} NOT NULL,
            day {int} NOT NULL,
            PRIMARY KEY (token_id, permission, day)
        ) {strict}
        """,
        "CREATE INDEX access_conflict_by_day ON access_conflict (day)",
        "CREATE INDEX approval_request_by_organization ON approval_request (organization_id, requested_at, id)",
    ]

    /// What an organization may use: plans are data, kept by server administrators.
    private static let plans = [
        """
        CREATE TABLE plan (
            id {text} NOT NULL PRIMARY KEY,
            name {text} NOT NULL UNIQUE,
            limits {text} NOT NULL,
            is_built_in {bool} NOT NULL CHECK (is_built_in IN (0, 1)),
            created_at {int} NOT NULL,
            updated_at {int} NOT NULL,
            version {int} NOT NULL
        ) {strict}
        """,
        "ALTER TABLE organization ADD COLUMN plan_id {text} REFERENCES plan (id)",
    ]

    /// The plans that every server has; a test compares them with ``LimitPlan/builtIn``.
    private static let builtInPlans = [
        """
        INSERT INTO plan (id, name, limits, is_built_in, created_at, updated_at, version)
        VALUES ('pln_0000000000e008000000000001', 'free', '{"burst":10,"per_minute":60,"per_hour":1000,"per_day":10000,"monthly_quota":100000}', 1, 0, 0, 1)
        """,
        """
        INSERT INTO plan (id, name, limits, is_built_in, created_at, updated_at, version)
        VALUES ('pln_0000000000e008000000000002', 'pro', '{"burst":100,"per_minute":1200,"per_hour":30000,"per_day":300000,"monthly_quota":5000000}', 1, 0, 0, 1)
        """,
        """
        INSERT INTO plan (id, name, limits, is_built_in, created_at, updated_at, version)
        VALUES ('pln_0000000000e008000000000003', 'enterprise', '{"burst":1000,"per_minute":30000,"per_hour":1000000,"per_day":10000000}', 1, 0, 0, 1)
        """,
    ]

    /// Actors that are neither a person nor an agent.
    private static let accounts = [
        """
        CREATE TABLE service_account (
            id {text} NOT NULL PRIMARY KEY,
            organization_id {text} NOT NULL REFERENCES organization (id),
            workspace_id {text} NOT NULL REFERENCES workspace (id),
            name {text} NOT NULL,
            description {text} NOT NULL,
            role {text} NOT NULL CHECK (role IN ('manager', 'developer', 'viewer')),
            custom_role_id {text} REFERENCES custom_role (id),
            state {text} NOT NULL CHECK (state IN ('active', 'paused', 'deleted')),
            created_at {int} NOT NULL,
            created_by_kind {text} NOT NULL,
            created_by_id {text},
            created_by_name {text},
            updated_at {int} NOT NULL,
            version {int} NOT NULL
        ) {strict}
        """,
        "CREATE UNIQUE INDEX service_account_name ON service_account (workspace_id, name) WHERE state <> 'deleted'",
        "CREATE INDEX service_account_by_workspace ON service_account (workspace_id, id)",
        "CREATE INDEX service_account_by_custom_role ON service_account (custom_role_id) WHERE custom_role_id IS NOT NULL",
    ]

    private static let memberships = CachedTable(
        table: "membership",
        id: "user_id",
        kind: "membership",
        columns: ["role", "status", "custom_role_id", "granted", "denied"]
    )

    private static let cached = [
        CachedTable(
            table: "custom_role",
            id: "id",
            kind: "custom_role",
            columns: ["permissions"]
        ),
        CachedTable(
            table: "organization_policy",
            id: "organization_id",
            kind: "policy",
            columns: ["policy"]
        ),
        CachedTable(table: "organization_setting", id: "organization_id", kind: "setting", columns: ["value"]),
        CachedTable(table: "plan", id: "id", kind: "plan", columns: ["limits"]),
        CachedTable(table: "organization", id: "id", kind: "organization", columns: ["plan_id"]),
        CachedTable(
            table: "service_account",
            id: "id",
            kind: "service_account",
            columns: ["role", "custom_role_id", "state"]
        ),
    ]
}
