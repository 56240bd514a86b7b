extension FoundationTables {
    /// Audit, settings and idempotency keys.
    static let records = [
        """
        CREATE TABLE audit_event (
            id {text} NOT NULL PRIMARY KEY,
            organization_id {text},
            workspace_id {text},
            time {int} NOT NULL,
            actor_kind {text} NOT NULL,
            actor_id {text},
            actor_name {text},
            action {text} NOT NULL,
            target_kind {text},
            target_id {text},
            outcome {text} NOT NULL CHECK (outcome IN ('success', 'denied', 'failed')),
            reason {text},
            surface {text} NOT NULL,
            mode {text} NOT NULL CHECK (mode IN ('normal', 'setup', 'dry-run')),
            address {text},
            user_agent {text},
            request_id {text},
            credential_id {text},
            credential_prefix {text},
            state_before {text},
            state_after {text},
            details {text},
            occurrences {int} NOT NULL CHECK (occurrences >= 1),
            CHECK ((target_kind IS NULL) = (target_id IS NULL))
        ) {strict}
        """,
        "CREATE INDEX audit_event_by_organization ON audit_event (organization_id, time, id)",
        "CREATE INDEX audit_event_by_target ON audit_event (target_kind, target_id, time, id)",
        """
        CREATE TABLE setting (
            name {text} NOT NULL PRIMARY KEY,
            value {text} NOT NULL,
            updated_at {int} NOT NULL,
            updated_by {text},
            version {int} NOT NULL
        ) {strict}
        """,
        """
        CREATE TABLE idempotency (
            caller {text} NOT NULL,
            route {text} NOT NULL,
            key {text} NOT NULL,
            body_hash {bytes} NOT NULL,
            state {text} NOT NULL CHECK (state IN ('running', 'done')),
            status {int},
            answer {text},
            created_at {int} NOT NULL,
            expires_at {int} NOT NULL,
            PRIMARY KEY (caller, route, key),
            CHECK ((state = 'done') = (status IS NOT NULL))
        ) {strict}
        """,
        "CREATE INDEX idempotency_by_expiry ON idempotency (expires_at)",
    ]

    /// What nodes tell each other.
    static let nodes = [
        """
        CREATE TABLE change_log (
            seq {identity},
            tx {int} NOT NULL,
            kind {text} NOT NULL,
            id {text} NOT NULL
        ) {strict}
        """,
        """
        CREATE TABLE lease (
            name {text} NOT NULL PRIMARY KEY,
            holder {text} NOT NULL,
            expires_at {int} NOT NULL,
            version {int} NOT NULL
        ) {strict}
        """,
        """
        CREATE TABLE node (
            id {text} NOT NULL PRIMARY KEY,
            program_version {text} NOT NULL,
            started_at {int} NOT NULL,
            seen_at {int} NOT NULL,
            change_seq {int} NOT NULL
        ) {strict}
        """,
    ]

    /// Of these tables nodes keep copies: each change of these columns is in the change log.
    static let cachedTables = [
        CachedTable(
            table: "identity",
            id: "id",
            kind: "identity",
            columns: ["state", "public_key", "deleted_at"]
        ),
        CachedTable(
            table: "agent",
            id: "id",
            kind: "agent",
            columns: [
                "name", "slug", "description", "persona", "input_schema", "output_schema", "trigger_modes", "labels",
                "environment", "region", "allowed_models", "deleted_at",
            ]
        ),
        CachedTable(
            table: "credential",
            id: "identity_id",
            kind: "credential",
            columns: [
                "state", "generation", "current_hash", "token_expires_at", "pending_hash", "pending_valid_until",
                "previous_hash", "previous_valid_until", "allowance_extension",
            ]
        ),
        CachedTable(
            table: "rotation",
            id: "agent_id",
            kind: "rotation",
            columns: ["state", "mode", "attempt"]
        ),
        CachedTable(
            table: "membership",
            id: "user_id",
            kind: "membership",
            columns: ["role", "status"]
        ),
        CachedTable(
            table: "user_account",
            id: "id",
            kind: "user",
            columns: ["email", "name", "state", "password_hash", "is_server_administrator"]
        ),
        CachedTable(table: "session", id: "id", kind: "session", columns: ["ended_at", "expires_at"]),
        CachedTable(table: "setting", id: "name", kind: "setting", columns: ["value"]),
        CachedTable(table: "data_key", id: "id", kind: "data_key", columns: ["wrapped", "master_key_id"]),
        CachedTable(table: "pepper", id: "id", kind: "pepper", columns: ["created_at"]),
    ]
}
