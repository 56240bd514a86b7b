import Domain
import SQLDatabase
import Store
import Testing

@Suite("Records are stored and read as they are")
struct RecordTests {
    @Test("AGT-1: an agent comes back as it was written, changed by compare-and-swap", arguments: Engine.all)
    func agents(engine: Engine) async throws {
        try await engine.withStore { database, sample in
            var agent = sample.agent("first")
            let added = agent
            #expect(try await database.write { try AgentStore.insert(added, in: $0) })
            #expect(try await database.read { try AgentStore.get(added.id, in: $0) } == added)
            agent.profile.labels = ["other": ""]
            agent.state = .active
            agent.publicKey = Array(repeating: 3, count: 32)
            agent.enrolledAt = sample.start
            agent.statement = AgentStatement(hostname: "host", os: "linux", version: "1", instanceID: "i-1")
            agent.version = 2
            let changed = agent
            #expect(try await database.write { try AgentStore.update(changed, expectedVersion: 1, in: $0) })
            #expect(try await database.write { try AgentStore.update(changed, expectedVersion: 1, in: $0) } == false)
            let found = try await database.read { tx in
                try AgentStore.find(slug: "first", workspace: sample.workspace, in: tx)
            }
            #expect(found == changed)
        }
    }

    @Test("AGT-1: a slug is used once in a workspace, and free again when its agent is deleted", arguments: Engine.all)
    func slugs(engine: Engine) async throws {
        try await engine.withStore { database, sample in
            var first = sample.agent("same")
            let second = sample.agent("same")
            let added = first
            #expect(try await database.write { try AgentStore.insert(added, in: $0) })
            #expect(try await database.write { try AgentStore.insert(second, in: $0) } == false)
            first.deletedAt = sample.start
            first.version = 2
            let deleted = first
            #expect(try await database.write { try AgentStore.update(deleted, expectedVersion: 1, in: $0) })
            #expect(try await database.write { try AgentStore.insert(second, in: $0) })
            #expect(try await database.read { try AgentStore.get(deleted.id, in: $0) } == nil)
            let kept = try await database.read { try AgentStore.get(deleted.id, includingDeleted: true, in: $0) }
            #expect(kept == deleted)
        }
    }

    @Test("a credential comes back with all its slots and is found by the hash in each", arguments: Engine.all)
    func credentials(engine: Engine) async throws {
        try await engine.withStore { database, sample in
            let agent = sample.agent("one")
            var credential = sample.credential(of: agent, seed: 1)
            let added = credential
            try await database.write { tx in
                _ = try AgentStore.insert(agent, in: tx)
                try CredentialStore.insert(added, in: tx)
            }
            #expect(try await database.read { try CredentialStore.get(added.id, in: $0) } == added)
            credential.pending = Credential.Pending(
                stamp: sample.stamp(2),
                issuedAt: sample.start,
                expiresAt: sample.start + .days(7),
                validUntil: sample.start + .days(37)
            )
            credential.previous = Credential.Previous(
                stamp: sample.stamp(3),
                generation: 1,
                validUntil: sample.start + .minutes(5),
                expiresAt: sample.start + .days(1)
            )
            credential.generation = 2
            credential.enrolmentID = "enrolment"
            credential.allowanceExtension = .seconds(90)
            credential.retryAt = sample.start
            credential.version = 2
            let changed = credential
            let won = try await database.write { tx in
                [
                    try CredentialStore.update(changed, expectedGeneration: 2, version: 1, in: tx),
                    try CredentialStore.update(changed, expectedGeneration: 1, version: 2, in: tx),
                    try CredentialStore.update(changed, expectedGeneration: 1, version: 1, in: tx),
                    try CredentialStore.update(changed, expectedGeneration: 1, version: 1, in: tx),
                ]
            }
            #expect(won == [false, false, true, false])
            for (seed, slot) in [(1, CredentialStore.Slot.current), (2, .pending), (3, .previous)] {
                let found = try await database.read { tx in
                    try CredentialStore.find(sample.hash(UInt64(seed)).hash, in: tx)
                }
                #expect(found?.credential == changed)
                #expect(found?.slot == slot)
            }
            #expect(try await database.read { try CredentialStore.find(sample.hash(9).hash, in: $0) == nil })
        }
    }

    @Test("ROT-5: one rotation runs per credential, another after its end", arguments: Engine.all)
    func oneRunningRotation(engine: Engine) async throws {
        try await engine.withStore { database, sample in
            let agent = sample.agent("one")
            let credential = sample.credential(of: agent, seed: 1)
            var first = sample.rotation(of: credential)
            let (added, second) = (first, sample.rotation(of: credential))
            let answers = try await database.write { tx in
                _ = try AgentStore.insert(agent, in: tx)
                try CredentialStore.insert(credential, in: tx)
                return [try RotationStore.insert(added, in: tx), try RotationStore.insert(second, in: tx)]
            }
            #expect(answers == [true, false])
            #expect(try await database.read { try RotationStore.running(of: credential.id, in: $0) } == added)
            first.state = .cancelled
            first.endedAt = sample.start
            first.version = 2
            let ended = first
            #expect(try await database.write { try RotationStore.update(ended, expectedVersion: 1, in: $0) })
            #expect(try await database.write { try RotationStore.update(ended, expectedVersion: 1, in: $0) } == false)
            #expect(try await database.write { try RotationStore.insert(second, in: $0) })
            #expect(try await database.read { try RotationStore.latest(of: agent.id, in: $0) } == second)
            #expect(try await database.read { try RotationStore.get(ended.id, in: $0) } == ended)
        }
    }

    @Test("AUD-3: the audit trail refuses to be changed or shortened", arguments: Engine.all)
    func auditIsAppendOnly(engine: Engine) async throws {
        try await engine.withStore { database, sample in
            let event = sample.auditEvent("agent.create")
            try await database.write { try AuditStore.append(event, in: $0) }
            for statement: Statement in ["UPDATE audit_event SET action = 'none'", "DELETE FROM audit_event"] {
                await #expect(throws: DatabaseError(.refusedByTrigger, "")) {
                    try await database.write { try $0.execute(statement) }
                }
            }
            let page = try await database.read {
                try AuditStore.list(organization: sample.organization, limit: 5, in: $0)
            }
            #expect(page.elements == [event])
            #expect(page.next == nil)
        }
    }
}
