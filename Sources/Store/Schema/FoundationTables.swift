/// The tables of migration 0001, in the order their references want.
///
/// Times are microseconds since 1970 UTC. A hash is 32 bytes of HMAC-SHA-256 under the pepper beside it.
enum FoundationTables {
    /// Keys and sealed values: ciphertext only.
    static let sealing = [
        """
        CREATE TABLE data_key (
            id {text} NOT NULL PRIMARY KEY,
            scope {text} NOT NULL,
            wrapped {bytes} NOT NULL,
            master_key_id {text} NOT NULL,
            created_at {int} NOT NULL
        ) {strict}
        """,
        "CREATE INDEX data_key_by_scope ON data_key (scope, created_at, id)",
        """
        CREATE TABLE sealed_value (
            owner_table {text} NOT NULL,
            owner_id {text} NOT NULL,
            field {text} NOT NULL,
            version {int} NOT NULL,
            data_key_id {text} NOT NULL REFERENCES data_key (id),
            ciphertext {bytes} NOT NULL,
            created_at {int} NOT NULL,
            PRIMARY KEY (owner_table, owner_id, field)
        ) {strict}
        """,
        "CREATE INDEX sealed_value_by_data_key ON sealed_value (data_key_id)",
        """
        CREATE TABLE pepper (
            id {int} NOT NULL PRIMARY KEY,
            created_at {int} NOT NULL
        ) {strict}
        """,
    ]

    /// Organizations, workspaces, people and their sessions.
    static let people = [
        """
        CREATE TABLE organization (
            id {text} NOT NULL PRIMARY KEY,
            name {text} NOT NULL,
            created_at {int} NOT NULL,
            version {int} NOT NULL
        ) {strict}
        """,
        """
        CREATE TABLE workspace (
            id {text} NOT NULL PRIMARY KEY,
            organization_id {text} NOT NULL REFERENCES organization (id),
            name {text} NOT NULL,
            created_at {int} NOT NULL,
            version {int} NOT NULL
        ) {strict}
        """,
        "CREATE INDEX workspace_by_organization ON workspace (organization_id)",
        """
        CREATE TABLE user_account (
            id {text} NOT NULL PRIMARY KEY,
            email {text} NOT NULL UNIQUE,
            name {text} NOT NULL,
            state {text} NOT NULL CHECK (state IN ('active', 'disabled')),
            password_hash {text},
            password_changed_at {int},
            is_server_administrator {bool} NOT NULL CHECK (is_server_administrator IN (0, 1)),
            created_at {int} NOT NULL,
            updated_at {int} NOT NULL,
            version {int} NOT NULL
        ) {strict}
        """,
        """
        CREATE TABLE membership (
            id {text} NOT NULL PRIMARY KEY,
            organization_id {text} NOT NULL REFERENCES organization (id),
            workspace_id {text} REFERENCES workspace (id),
            user_id {text} NOT NULL REFERENCES user_account (id),
            role {text} NOT NULL,
            status {text} NOT NULL CHECK (status IN ('invited', 'active', 'paused', 'removed')),
            created_at {int} NOT NULL,
            updated_at {int} NOT NULL,
            version {int} NOT NULL,
            CHECK (CASE WHEN workspace_id IS NULL THEN role IN ('owner', 'admin', 'auditor', 'member')
                ELSE role IN ('manager', 'developer', 'viewer') END)
        ) {strict}
        """,
        """
        CREATE UNIQUE INDEX membership_in_organization ON membership (organization_id, user_id)
        WHERE workspace_id IS NULL
        """,
        "CREATE UNIQUE INDEX membership_in_workspace ON membership (workspace_id, user_id) WHERE workspace_id IS NOT NULL",
        "CREATE INDEX membership_by_user ON membership (user_id)",
        """
        CREATE TABLE session (
            id {text} NOT NULL PRIMARY KEY,
            user_id {text} NOT NULL REFERENCES user_account (id),
            pepper_id {int} NOT NULL REFERENCES pepper (id),
            hash {bytes} NOT NULL UNIQUE CHECK (length(hash) = 32),
            prefix {text} NOT NULL,
            surface {text} NOT NULL,
            address {text},
            user_agent {text},
            created_at {int} NOT NULL,
            expires_at {int} NOT NULL,
            last_used_at {int} NOT NULL,
            ended_at {int},
            end_reason {text},
            CHECK ((ended_at IS NULL) = (end_reason IS NULL))
        ) {strict}
        """,
        "CREATE INDEX session_by_user ON session (user_id, created_at)",
        """
        CREATE TABLE one_time_secret (
            id {text} NOT NULL PRIMARY KEY,
            kind {text} NOT NULL CHECK (kind IN ('setup', 'invitation', 'recovery')),
            user_id {text} REFERENCES user_account (id),
            organization_id {text} REFERENCES organization (id),
            pepper_id {int} NOT NULL REFERENCES pepper (id),
            hash {bytes} NOT NULL UNIQUE CHECK (length(hash) = 32),
            prefix {text} NOT NULL,
            created_at {int} NOT NULL,
            expires_at {int} NOT NULL,
            used_at {int},
            withdrawn_at {int}
        ) {strict}
        """,
        "CREATE INDEX one_time_secret_open ON one_time_secret (kind) WHERE used_at IS NULL AND withdrawn_at IS NULL",
    ]
}
