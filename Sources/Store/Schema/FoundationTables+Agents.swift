extension FoundationTables {
    /// Identities and agents, with what is kept about them.
    static let agents = [
        """
        CREATE TABLE identity (
            id {text} NOT NULL PRIMARY KEY,
            kind {text} NOT NULL CHECK (kind IN ('agent', 'service')),
            state {text} NOT NULL CHECK (state IN ('pending', 'active', 'paused', 'revoked')),
            organization_id {text} NOT NULL REFERENCES organization (id),
            workspace_id {text} NOT NULL REFERENCES workspace (id),
            public_key {bytes} CHECK (length(public_key) = 32),
            enrolled_at {int},
            paused_at {int},
            revoked_at {int},
            deleted_at {int},
            created_at {int} NOT NULL,
            created_by_kind {text} NOT NULL,
            created_by_id {text},
            created_by_name {text},
            version {int} NOT NULL,
            CHECK (state <> 'paused' OR paused_at IS NOT NULL),
            CHECK (state <> 'revoked' OR revoked_at IS NOT NULL)
        ) {strict}
        """,
        "CREATE INDEX identity_by_workspace ON identity (workspace_id, id)",
        """
        CREATE TABLE agent (
            id {text} NOT NULL PRIMARY KEY REFERENCES identity (id),
            workspace_id {text} NOT NULL REFERENCES workspace (id),
            name {text} NOT NULL,
            slug {text} NOT NULL,
            description {text} NOT NULL,
            persona {text} NOT NULL,
            input_schema {text},
            output_schema {text},
            trigger_modes {text} NOT NULL,
            labels {text} NOT NULL,
            environment {text},
            region {text},
            allowed_models {text} NOT NULL,
            folded_text {text} NOT NULL,
            stated_hostname {text},
            stated_os {text},
            stated_arch {text},
            stated_version {text},
            stated_cloud {text},
            stated_region {text},
            stated_instance_id {text},
            updated_at {int} NOT NULL,
            deleted_at {int}
        ) {strict}
        """,
        "CREATE UNIQUE INDEX agent_slug ON agent (workspace_id, slug) WHERE deleted_at IS NULL",
        """
        CREATE TABLE agent_label (
            agent_id {text} NOT NULL REFERENCES agent (id),
            name {text} NOT NULL,
            value {text} NOT NULL,
            PRIMARY KEY (agent_id, name)
        ) {strict}
        """,
        "CREATE INDEX agent_label_by_value ON agent_label (name, value, agent_id)",
        """
        CREATE TABLE agent_presence (
            agent_id {text} NOT NULL PRIMARY KEY REFERENCES agent (id),
            is_connected {bool} NOT NULL CHECK (is_connected IN (0, 1)),
            changed_at {int} NOT NULL,
            last_seen_at {int},
            address {text}
        ) {strict}
        """,
        "CREATE INDEX agent_presence_connected ON agent_presence (agent_id) WHERE is_connected = 1",
        """
        CREATE TABLE agent_event (
            id {text} NOT NULL PRIMARY KEY,
            agent_id {text} NOT NULL REFERENCES agent (id),
            workspace_id {text} NOT NULL REFERENCES workspace (id),
            kind {text} NOT NULL,
            time {int} NOT NULL,
            address {text},
            message {text} NOT NULL,
            rotation_id {text}
        ) {strict}
        """,
        "CREATE INDEX agent_event_by_agent ON agent_event (agent_id, id)",
    ]

    /// Credentials with their tokens, and rotations.
    static let rotation = [
        """
        CREATE TABLE credential (
            id {text} NOT NULL PRIMARY KEY,
            identity_id {text} NOT NULL REFERENCES identity (id),
            organization_id {text} NOT NULL REFERENCES organization (id),
            workspace_id {text} NOT NULL REFERENCES workspace (id),
            kind {text} NOT NULL CHECK (kind IN ('install', 'agent', 'personal', 'service')),
            state {text} NOT NULL CHECK (state IN ('live', 'revoked')),
            generation {int} NOT NULL CHECK (generation >= 1),
            current_pepper_id {int} REFERENCES pepper (id),
            current_hash {bytes} UNIQUE CHECK (length(current_hash) = 32),
            current_prefix {text},
            token_issued_at {int},
            token_expires_at {int},
            pending_pepper_id {int} REFERENCES pepper (id),
            pending_hash {bytes} UNIQUE CHECK (length(pending_hash) = 32),
            pending_prefix {text},
            pending_issued_at {int},
            pending_expires_at {int},
            pending_valid_until {int},
            previous_pepper_id {int} REFERENCES pepper (id),
            previous_hash {bytes} UNIQUE CHECK (length(previous_hash) = 32),
            previous_prefix {text},
            previous_generation {int},
            previous_valid_until {int},
            previous_expires_at {int},
            allowance_extension {int} NOT NULL,
            enrolment_id {text},
            consecutive_failures {int} NOT NULL,
            retry_at {int},
            contention_at {int},
            created_at {int} NOT NULL,
            revoked_at {int},
            version {int} NOT NULL,
            CHECK ((current_hash IS NULL) = (current_pepper_id IS NULL)),
            CHECK ((current_hash IS NULL) = (current_prefix IS NULL)),
            CHECK ((current_hash IS NULL) = (token_issued_at IS NULL)),
            CHECK ((pending_hash IS NULL) = (pending_pepper_id IS NULL)),
            CHECK ((pending_hash IS NULL) = (pending_prefix IS NULL)),
            CHECK ((pending_hash IS NULL) = (pending_issued_at IS NULL)),
            CHECK ((pending_hash IS NULL) = (pending_expires_at IS NULL)),
            CHECK ((pending_hash IS NULL) = (pending_valid_until IS NULL)),
            CHECK ((previous_hash IS NULL) = (previous_pepper_id IS NULL)),
            CHECK ((previous_hash IS NULL) = (previous_prefix IS NULL)),
            CHECK ((previous_hash IS NULL) = (previous_generation IS NULL)),
            CHECK ((previous_hash IS NULL) = (previous_valid_until IS NULL)),
            CHECK (previous_expires_at IS NULL OR previous_valid_until <= previous_expires_at),
            CHECK ((state = 'revoked') = (revoked_at IS NOT NULL)),
            CHECK (state = 'live' OR pending_hash IS NULL)
        ) {strict}
        """,
        "CREATE INDEX credential_by_identity ON credential (identity_id, created_at, id)",
        """
        CREATE UNIQUE INDEX credential_one_live ON credential (identity_id, kind)
        WHERE state = 'live' AND kind IN ('install', 'agent')
        """,
        """
        CREATE INDEX credential_by_due ON credential (token_issued_at, id)
        WHERE state = 'live' AND kind = 'agent' AND token_expires_at IS NOT NULL
        """,
        """
        CREATE TABLE retired_token (
            hash {bytes} NOT NULL PRIMARY KEY CHECK (length(hash) = 32),
            pepper_id {int} NOT NULL REFERENCES pepper (id),
            prefix {text} NOT NULL,
            credential_id {text} NOT NULL REFERENCES credential (id),
            generation {int} NOT NULL,
            reason {text} NOT NULL CHECK (reason IN ('grace_ended', 'replaced', 'forced')),
            retired_at {int} NOT NULL,
            expires_at {int},
            use_count {int} NOT NULL,
            first_used_at {int},
            last_used_at {int}
        ) {strict}
        """,
        "CREATE INDEX retired_token_by_credential ON retired_token (credential_id)",
        """
        CREATE TABLE withdrawn_token (
            hash {bytes} NOT NULL PRIMARY KEY CHECK (length(hash) = 32),
            pepper_id {int} NOT NULL REFERENCES pepper (id),
            prefix {text} NOT NULL,
            credential_id {text} NOT NULL REFERENCES credential (id),
            withdrawn_at {int} NOT NULL
        ) {strict}
        """,
        "CREATE INDEX withdrawn_token_by_credential ON withdrawn_token (credential_id)",
        """
        CREATE TABLE rotation (
            id {text} NOT NULL PRIMARY KEY,
            credential_id {text} NOT NULL REFERENCES credential (id),
            agent_id {text} NOT NULL REFERENCES agent (id),
            organization_id {text} NOT NULL REFERENCES organization (id),
            workspace_id {text} NOT NULL REFERENCES workspace (id),
            mode {text} NOT NULL CHECK (mode IN ('graceful', 'immediate', 'force')),
            state {text} NOT NULL CHECK (state IN ('requested', 'issued', 'delivered', 'stored', 'promoted',
                'cancelled', 'failed', 'expired')),
            origin {text} NOT NULL CHECK (origin IN ('operator', 'scheduler', 'renewal')),
            reason {text},
            requested_by_kind {text} NOT NULL,
            requested_by_id {text},
            requested_by_name {text},
            attempt {int} NOT NULL CHECK (attempt >= 0),
            requested_at {int} NOT NULL,
            issued_at {int},
            delivered_at {int},
            stored_at {int},
            promoted_at {int},
            ended_at {int},
            deadline {int},
            error {text},
            version {int} NOT NULL,
            CHECK ((ended_at IS NULL) = (state IN ('requested', 'issued', 'delivered', 'stored')))
        ) {strict}
        """,
        """
        CREATE UNIQUE INDEX rotation_one_running ON rotation (credential_id)
        WHERE state IN ('requested', 'issued', 'delivered', 'stored')
        """,
        "CREATE INDEX rotation_by_agent ON rotation (agent_id, requested_at, id)",
        "CREATE INDEX rotation_by_deadline ON rotation (deadline) WHERE state IN ('issued', 'delivered', 'stored')",
    ]
}
