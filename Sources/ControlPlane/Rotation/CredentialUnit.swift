internal import Domain
internal import SQLDatabase
internal import Store

/// One credential with its running rotation, read, changed by the domain's rules and written in one transaction.
struct CredentialUnit {
    var agent: Agent
    var machine: RotationStateMachine
    private let original: Credential
    private let originalRotation: Rotation?
    private let originalAgent: Agent

    init(agent: Agent, credential: Credential, policy: RotationPolicy, in tx: borrowing Transaction) throws {
        self.agent = agent
        originalAgent = agent
        original = credential
        originalRotation = try RotationStore.running(of: credential.id, in: tx)
        machine = RotationStateMachine(credential: credential, running: originalRotation, policy: policy)
    }

    /// The unit of a credential; `nil` if it doesn't exist.
    ///
    /// The transaction has the agent for itself from here on.
    static func load(
        _ id: CredentialID,
        policy: RotationPolicy,
        in tx: borrowing Transaction
    ) throws -> CredentialUnit? {
        if tx.isWritable { try AgentStore.lock(holderOf: id, in: tx) }
        guard let credential = try CredentialStore.get(id, in: tx),
            let agent = try AgentStore.get(credential.agentID, includingDeleted: true, in: tx)
        else { return nil }
        return try CredentialUnit(agent: agent, credential: credential, policy: policy, in: tx)
    }

    /// The agent's live agent credential; `nil` if it has none.
    static func loadLive(
        of agent: Agent,
        policy: RotationPolicy,
        in tx: borrowing Transaction
    ) throws -> CredentialUnit? {
        guard let credential = try CredentialStore.live(.agent, of: agent.id, in: tx) else { return nil }
        return try CredentialUnit(agent: agent, credential: credential, policy: policy, in: tx)
    }

    var credential: Credential { machine.credential }

    /// The latest rotation of which this is true, of those that this transaction has before it.
    func latest(_ isMeant: (Rotation) -> Bool) -> Rotation? {
        (machine.finished + [machine.rotation].compactMap { $0 }).last(where: isMeant)
    }

    /// Writes what changed, by compare-and-swap; a unit that lost a race throws `VersionConflict` and rolls back.
    ///
    /// Answers the credential's version afterwards.
    @discardableResult
    mutating func save(in tx: borrowing Transaction) throws -> Int64 {
        try saveAgent(in: tx)
        try saveRotations(in: tx)
        for token in machine.retired { try RetiredTokenStore.insert(token, in: tx) }
        for token in machine.withdrawn { try RetiredTokenStore.insert(token, in: tx) }
        guard machine.credential != original else { return original.version }
        var credential = machine.credential
        credential.version = original.version + 1
        let won = try CredentialStore.update(
            credential,
            expectedGeneration: original.generation,
            version: original.version,
            in: tx
        )
        guard won else { throw Self.lostRace }
        return credential.version
    }

    private func saveAgent(in tx: borrowing Transaction) throws {
        guard agent != originalAgent else { return }
        var agent = agent
        if agent.statement != originalAgent.statement, let statement = agent.statement {
            try AgentStore.updateStatement(statement, of: agent.id, in: tx)
        }
        var other = originalAgent
        other.statement = agent.statement
        guard agent != other else { return }
        agent.version += 1
        let won = try AgentStore.updateIdentity(agent, expectedVersion: originalAgent.version, in: tx)
        guard won else { throw Self.lostRace }
    }

    private func saveRotations(in tx: borrowing Transaction) throws {
        for rotation in machine.finished + [machine.rotation].compactMap({ $0 }) {
            guard rotation.id == originalRotation?.id else {
                guard try RotationStore.insert(rotation, in: tx) else { throw Self.lostRace }
                continue
            }
            guard rotation != originalRotation else { continue }
            var newer = rotation
            newer.version = rotation.version + 1
            guard try RotationStore.update(newer, expectedVersion: rotation.version, in: tx) else {
                throw Self.lostRace
            }
        }
    }

    static let lostRace = ControlPlaneError(.versionConflict, "Somebody else changed this at the same time; try again.")
}
