import SQLDatabase

/// Migration 0003, second part: personal and service tokens, protected APIs, their use and its limits.
enum TokenTables {
    static let steps: [Migration.Step] =
        (tokens + interfaces + records).map { .both($0) }
        + cached.flatMap(ChangeLogTriggers.steps)

    /// Tokens of people and service accounts; those of agents are credentials.
    private static let tokens = [
        """
        CREATE TABLE api_token (
            id {text} NOT NULL PRIMARY KEY,
            kind {text} NOT NULL CHECK (kind IN ('personal', 'service')),
            organization_id {text} NOT NULL REFERENCES organization (id),
            workspace_id {text} NOT NULL REFERENCES workspace (id),
            user_id {text} REFERENCES user_account (id),
            service_account_id {text} REFERENCES service_account (id),
            name {text} NOT NULL,
            description {text} NOT NULL,
            scopes {text} NOT NULL,
            tags {text} NOT NULL,
            addresses {text} NOT NULL,
            limit_override {text},
            limit_widened {text},
            serves {text},
            folded_text {text} NOT NULL,
            state {text} NOT NULL CHECK (state IN ('live', 'paused', 'suspended', 'revoked')),
            generation {int} NOT NULL CHECK (generation >= 1),
            current_pepper_id {int} NOT NULL REFERENCES pepper (id),
            current_hash {bytes} NOT NULL UNIQUE CHECK (length(current_hash) = 32),
            current_prefix {text} NOT NULL,
            token_issued_at {int} NOT NULL,
            token_expires_at {int},
            previous_pepper_id {int} REFERENCES pepper (id),
            previous_hash {bytes} UNIQUE CHECK (length(previous_hash) = 32),
            previous_prefix {text},
            previous_generation {int},
            previous_valid_until {int},
            previous_expires_at {int},
            previous_ends_at_first_use {bool} CHECK (previous_ends_at_first_use IN (0, 1)),
            rotation_required_by {int},
            created_at {int} NOT NULL,
            created_by_kind {text} NOT NULL,
            created_by_id {text},
            created_by_name {text},
            updated_at {int} NOT NULL,
            revoked_at {int},
            version {int} NOT NULL,
            CHECK ((kind = 'personal') = (user_id IS NOT NULL)),
            CHECK ((kind = 'service') = (service_account_id IS NOT NULL)),
            CHECK ((previous_hash IS NULL) = (previous_pepper_id IS NULL)),
            CHECK ((previous_hash IS NULL) = (previous_prefix IS NULL)),
            CHECK ((previous_hash IS NULL) = (previous_generation IS NULL)),
            CHECK ((previous_hash IS NULL) = (previous_valid_until IS NULL)),
            CHECK ((previous_hash IS NULL) = (previous_ends_at_first_use IS NULL)),
            CHECK (previous_expires_at IS NULL OR previous_valid_until <= previous_expires_at),
            CHECK ((state = 'revoked') = (revoked_at IS NOT NULL))
        ) {strict}
        """,
        """
        CREATE UNIQUE INDEX api_token_name_of_user ON api_token (user_id, organization_id, name)
            WHERE state <> 'revoked'
        """,
        "CREATE UNIQUE INDEX api_token_name_of_account ON api_token (service_account_id, name) WHERE state <> 'revoked'",
        "CREATE INDEX api_token_by_workspace ON api_token (workspace_id, id)",
        "CREATE INDEX api_token_by_organization ON api_token (organization_id, id)",
        "CREATE INDEX api_token_by_expiry ON api_token (token_expires_at) WHERE state <> 'revoked'",
        "CREATE INDEX api_token_by_demand ON api_token (rotation_required_by) WHERE state <> 'revoked'",
        """
        CREATE TABLE api_token_tag (
            token_id {text} NOT NULL REFERENCES api_token (id),
            tag {text} NOT NULL,
            PRIMARY KEY (token_id, tag)
        ) {strict}
        """,
        "CREATE INDEX api_token_tag_by_tag ON api_token_tag (tag, token_id)",
        """
        CREATE TABLE retired_api_token (
            hash {bytes} NOT NULL PRIMARY KEY CHECK (length(hash) = 32),
            pepper_id {int} NOT NULL REFERENCES pepper (id),
            prefix {text} NOT NULL,
            token_id {text} NOT NULL REFERENCES api_token (id),
            generation {int} NOT NULL,
            retired_at {int} NOT NULL,
            expires_at {int},
            use_count {int} NOT NULL,
            first_used_at {int},
            last_used_at {int}
        ) {strict}
        """,
        "CREATE INDEX retired_api_token_by_token ON retired_api_token (token_id)",
        "CREATE INDEX retired_api_token_by_age ON retired_api_token (retired_at)",
        // Who was shown the plaintext of which generation: what a person who leaves has seen (TOK-10).
        """
        CREATE TABLE api_token_shown (
            token_id {text} NOT NULL REFERENCES api_token (id),
            generation {int} NOT NULL,
            user_id {text} NOT NULL REFERENCES user_account (id),
            shown_at {int} NOT NULL,
            PRIMARY KEY (token_id, generation, user_id)
        ) {strict}
        """,
        "CREATE INDEX api_token_shown_by_user ON api_token_shown (user_id)",
    ]

    /// What an organization has Claviger check: its APIs and their scopes.
    private static let interfaces = [
        """
        CREATE TABLE registered_scope (
            organization_id {text} NOT NULL REFERENCES organization (id),
            name {text} NOT NULL,
            description {text} NOT NULL,
            is_sensitive {bool} NOT NULL CHECK (is_sensitive IN (0, 1)),
            is_admin_only {bool} NOT NULL CHECK (is_admin_only IN (0, 1)),
            created_at {int} NOT NULL,
            updated_at {int} NOT NULL,
            PRIMARY KEY (organization_id, name)
        ) {strict}
        """,
        """
        CREATE TABLE protected_api (
            id {text} NOT NULL PRIMARY KEY,
            organization_id {text} NOT NULL REFERENCES organization (id),
            name {text} NOT NULL,
            audience {text},
            required_scopes {text} NOT NULL,
            accepted_kinds {text} NOT NULL,
            created_at {int} NOT NULL,
            updated_at {int} NOT NULL,
            deleted_at {int}
        ) {strict}
        """,
        "CREATE UNIQUE INDEX protected_api_name ON protected_api (organization_id, name) WHERE deleted_at IS NULL",
    ]

    /// Use, limits and notices: written in batches, without entries in the change log.
    private static let records = [
        """
        CREATE TABLE token_use (
            token_id {text} NOT NULL PRIMARY KEY,
            last_used_at {int} NOT NULL,
            last_address {text}
        ) {strict}
        """,
        """
        CREATE TABLE token_address (
            token_id {text} NOT NULL,
            address {text} NOT NULL,
            first_seen_at {int} NOT NULL,
            last_seen_at {int} NOT NULL,
            uses {int} NOT NULL,
            PRIMARY KEY (token_id, address)
        ) {strict}
        """,
        "CREATE INDEX token_address_by_age ON token_address (token_id, last_seen_at)",
        """
        CREATE TABLE usage_minute (
            token_id {text} NOT NULL,
            endpoint {text} NOT NULL,
            outcome {text} NOT NULL,
            minute {int} NOT NULL,
            organization_id {text} NOT NULL REFERENCES organization (id),
            calls {int} NOT NULL,
            latency {bytes} NOT NULL,
            PRIMARY KEY (token_id, minute, endpoint, outcome)
        ) {strict}
        """,
        "CREATE INDEX usage_minute_by_organization ON usage_minute (organization_id, minute)",
        """
        CREATE TABLE limit_ledger (
            subject {text} NOT NULL PRIMARY KEY,
            cells {text} NOT NULL,
            ends_at {int} NOT NULL,
            version {int} NOT NULL
        ) {strict}
        """,
        "CREATE INDEX limit_ledger_by_end ON limit_ledger (ends_at)",
        """
        CREATE TABLE notification (
            id {text} NOT NULL PRIMARY KEY,
            organization_id {text} NOT NULL REFERENCES organization (id),
            user_id {text} REFERENCES user_account (id),
            kind {text} NOT NULL,
            subject_kind {text} NOT NULL,
            subject_id {text} NOT NULL,
            once {text} NOT NULL UNIQUE,
            body {text} NOT NULL,
            created_at {int} NOT NULL,
            delivered_at {int}
        ) {strict}
        """,
        "CREATE INDEX notification_waiting ON notification (created_at, id) WHERE delivered_at IS NULL",
        "CREATE INDEX notification_by_organization ON notification (organization_id, created_at, id)",
    ]

    private static let cached = [
        CachedTable(
            table: "api_token",
            id: "id",
            kind: "api_token",
            columns: [
                "scopes", "addresses", "limit_override", "limit_widened", "serves", "state", "generation",
                "current_hash", "token_expires_at", "previous_hash", "previous_valid_until", "rotation_required_by",
            ]
        ),
        CachedTable(
            table: "registered_scope",
            id: "organization_id",
            kind: "registered_scope",
            columns: ["is_sensitive", "is_admin_only"]
        ),
        CachedTable(
            table: "protected_api",
            id: "id",
            kind: "protected_api",
            columns: ["audience", "required_scopes", "accepted_kinds", "deleted_at"]
        ),
    ]
}
