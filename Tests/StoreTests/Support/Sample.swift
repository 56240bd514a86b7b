import Domain
import SQLDatabase
import Store

/// Made-up records with fixed times and an own source of ids.
struct Sample: Sendable {
    let ids: IDSource
    let organization: OrganizationID
    let workspace: WorkspaceID
    let start = Instant(microseconds: 1_700_000_000_000_000)
    let person = Actor(kind: .user, id: "usr_someone", name: "someone@example.org")

    init() {
        ids = IDSource(clock: WallClock { Instant(microseconds: 1_700_000_000_000_000) }, random: .system)
        organization = ids.next()
        workspace = ids.next()
    }

    func hash(_ seed: UInt64) -> StoredHash {
        var bytes = [UInt8](repeating: 0, count: 32)
        for place in 0..<8 { bytes[place] = UInt8(truncatingIfNeeded: seed >> UInt64(8 * place)) }
        guard let hash = TokenHash(bytes: bytes) else { preconditionFailure("32 bytes are a hash") }
        return StoredHash(pepperID: 1, hash: hash)
    }

    func stamp(_ seed: UInt64) -> TokenStamp { TokenStamp(hash: hash(seed), prefix: "clv_ag_abcd") }

    func agent(_ slug: String, state: IdentityState = .pending) -> Agent {
        Agent(
            id: ids.next(),
            organizationID: organization,
            workspaceID: workspace,
            profile: AgentProfile(
                name: "Name \(slug)",
                slug: slug,
                description: "Ünïcode",
                inputSchema: #"{"type":"object"}"#,
                triggerModes: [.manual, .webhook],
                labels: ["team": "red", "k\"ey": "v'alue"],
                environment: "prod",
                region: "eu",
                allowedModels: ["a-1", "b,2"]
            ),
            state: state,
            createdAt: start,
            createdBy: person,
            updatedAt: start
        )
    }

    /// Lets an agent have a channel, on a node that need not exist.
    @discardableResult
    func connect(_ agent: Agent, on node: String = "node", in tx: borrowing Transaction) throws -> ChannelPlace {
        let number = try PresenceStore.opened(
            agent.id,
            on: NodeIdentity(id: node, name: node),
            peer: "::1|host|",
            contention: ChannelContention(),
            address: "::1",
            now: start,
            in: tx
        )
        return ChannelPlace(channel: number, nodeID: node)
    }

    func credential(
        of agent: Agent,
        kind: Credential.Kind = .agent,
        seed: UInt64,
        expiresAfter: Duration? = .days(7)
    ) -> Credential {
        Credential(
            id: ids.next(),
            agentID: agent.id,
            organizationID: organization,
            workspaceID: workspace,
            kind: kind,
            current: Credential.Current(
                stamp: stamp(seed),
                issuedAt: start,
                expiresAt: expiresAfter.map { start + $0 }
            ),
            createdAt: start
        )
    }

    func rotation(of credential: Credential) -> Rotation {
        Rotation(
            id: ids.next(),
            credentialID: credential.id,
            agentID: credential.agentID,
            organizationID: organization,
            workspaceID: workspace,
            mode: .graceful,
            origin: .operator,
            reason: "why not",
            requestedBy: person,
            requestedAt: start
        )
    }

    func auditEvent(_ action: String) -> AuditEvent {
        AuditEvent(
            id: ids.next(),
            organizationID: organization,
            workspaceID: workspace,
            time: start,
            actor: person,
            action: action,
            target: AuditTarget(kind: "agent", id: "agt_x"),
            outcome: .success,
            surface: .api,
            details: #"{"a":1}"#
        )
    }
}

extension Engine {
    /// Runs a test on a migrated database with an organization, a workspace and a pepper in it.
    func withStore(_ body: (any Database, Sample) async throws -> Void) async throws {
        try await withDatabase { database in
            let sample = Sample()
            try await Schema.migrate(database, now: sample.start.microseconds)
            try await database.write { tx in
                let names: [SQLValue] = [.text("Acme"), .int(sample.start.microseconds), .int(1)]
                try tx.execute(
                    "INSERT INTO organization (id, name, created_at, version) VALUES (?, ?, ?, ?)",
                    [.text(sample.organization.text)] + names
                )
                try tx.execute(
                    "INSERT INTO workspace (id, organization_id, name, created_at, version) VALUES (?, ?, ?, ?, ?)",
                    [.text(sample.workspace.text), .text(sample.organization.text)] + names
                )
                try tx.execute("INSERT INTO pepper (id, created_at) VALUES (1, 1)")
            }
            try await body(database, sample)
        }
    }
}
