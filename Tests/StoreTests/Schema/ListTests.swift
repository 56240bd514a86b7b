import Domain
import SQLDatabase
import Store
import Testing

@Suite("Lists are paged and filtered")
struct ListTests {
    @Test("agents are listed newest first, page by page, by each filter", arguments: Engine.all)
    func agents(engine: Engine) async throws {
        try await engine.withStore { database, sample in
            let agents = (0..<25).map { number in
                var agent = sample.agent("a-\(number)", state: number % 2 == 0 ? .active : .pending)
                agent.profile.labels = ["parity": number % 2 == 0 ? "even" : "odd"]
                agent.profile.environment = number < 5 ? "test" : "prod"
                if number == 7 { agent.profile.name = "50%_ÄRGER!" }
                return agent
            }
            try await database.write { tx in
                for agent in agents { _ = try AgentStore.insert(agent, in: tx) }
                for agent in agents[..<3] + agents[..<3] { try sample.connect(agent, in: tx) }
            }
            let list = { @Sendable (query: AgentQuery) async throws -> Page<AgentWithPresence> in
                try await database.read { try AgentStore.list(workspace: sample.workspace, query: query, in: $0) }
            }
            var seen: [AgentID] = []
            var after: AgentID?
            repeat {
                let page = try await list(AgentQuery(limit: 10, after: after))
                seen += page.elements.map(\.agent.id)
                after = page.next.flatMap { AgentID($0.id) }
            } while after != nil
            #expect(seen == agents.map(\.id).reversed())
            #expect(try await list(AgentQuery(state: .active)).elements.count == 13)
            #expect(
                try await list(AgentQuery(isConnected: true)).elements.map(\.presence?.address) == [
                    "::1", "::1", "::1",
                ]
            )
            #expect(try await list(AgentQuery(isConnected: false)).elements.count == 22)
            #expect(try await list(AgentQuery(environment: "test")).elements.count == 5)
            #expect(try await list(AgentQuery(text: "%_ärger!")).elements.map(\.agent.id) == [agents[7].id])
            #expect(try await list(AgentQuery(text: "_")).elements.count == 1)
            var labelled = AgentQuery()
            labelled.label = ("parity", "odd")
            #expect(try await list(labelled).elements.count == 12)
            let counts = try await database.read { try AgentStore.counts(workspace: sample.workspace, in: $0) }
            #expect(counts == [.active: 13, .pending: 12])
            #expect(try await database.write { try PresenceStore.disconnectAll(now: sample.start, in: $0) } == 3)
            #expect(try await list(AgentQuery(isConnected: true)).elements.isEmpty)
        }
    }

    @Test("AGT-8: events are listed newest first, by kind and time", arguments: Engine.all)
    func events(engine: Engine) async throws {
        try await engine.withStore { database, sample in
            let agent = sample.agent("one")
            let events = (0..<30).map { number in
                AgentEvent(
                    id: sample.ids.next(),
                    agentID: agent.id,
                    workspaceID: sample.workspace,
                    kind: number % 3 == 0 ? .connected : .disconnected,
                    time: sample.start + .seconds(number),
                    address: number % 2 == 0 ? nil : "10.0.0.1",
                    message: "number \(number)"
                )
            }
            try await database.write { tx in
                _ = try AgentStore.insert(agent, in: tx)
                for event in events { try AgentEventStore.append(event, in: tx) }
            }
            let list = { @Sendable (query: AgentEventQuery) async throws -> Page<AgentEvent> in
                try await database.read { try AgentEventStore.list(of: agent.id, query: query, in: $0) }
            }
            let first = try await list(AgentEventQuery(limit: 20))
            let second = try await list(AgentEventQuery(limit: 20, after: first.next.flatMap { EventID($0.id) }))
            #expect(first.elements + second.elements == events.reversed())
            #expect(second.next == nil)
            #expect(try await list(AgentEventQuery(kinds: [.connected])).elements.count == 10)
            let part = AgentEventQuery(since: sample.start + .seconds(10), until: sample.start + .seconds(12))
            #expect(try await list(part).elements == [events[11], events[10]])
        }
    }

    @Test(
        "AUD-2: audit events are listed by time with each filter, organization by organization",
        arguments: Engine.all
    )
    func audit(engine: Engine) async throws {
        try await engine.withStore { database, sample in
            var events = (0..<12).map { number in
                var event = sample.auditEvent(number % 2 == 0 ? "agent.create" : "agent.revoke")
                event.time = sample.start + .seconds(number / 3)
                event.outcome = number == 5 ? .denied : .success
                return event
            }
            events[11].organizationID = nil
            let stored = events
            try await database.write { tx in for event in stored { try AuditStore.append(event, in: tx) } }
            let list = {
                @Sendable (filter: AuditFilter, after: PageCursor?) async throws -> Page<AuditEvent> in
                try await database.read { tx in
                    try AuditStore.list(
                        organization: sample.organization,
                        filter: filter,
                        after: after,
                        limit: 4,
                        in: tx
                    )
                }
            }
            var seen: [AuditEvent] = []
            var cursor: PageCursor?
            repeat {
                let page = try await list(AuditFilter(), cursor)
                seen += page.elements
                cursor = page.next
            } while cursor != nil
            #expect(seen == events[..<11].reversed())
            var denied = AuditFilter()
            denied.outcome = .denied
            denied.actions = ["agent.revoke", "none"]
            denied.target = AuditTarget(kind: "agent", id: "agt_x")
            denied.actorID = "usr_someone"
            #expect(try await list(denied, nil).elements == [events[5]])
            let server = try await database.read { try AuditStore.list(organization: nil, limit: 5, in: $0) }
            #expect(server.elements == [events[11]])
        }
    }

    @Test(
        "ROT-9, ROT-12: only connected, active agents with an old token and nothing in the way are due",
        arguments: Engine.all
    )
    func due(engine: Engine) async throws {
        try await engine.withStore { database, sample in
            var agents: [String: AgentID] = [:]
            for (number, name) in ["due", "away", "pending", "endless", "rotating", "later", "stopped"].enumerated() {
                let agent = sample.agent(name, state: name == "pending" ? .pending : .active)
                agents[name] = agent.id
                var credential = sample.credential(
                    of: agent,
                    seed: UInt64(number + 1),
                    expiresAfter: name == "endless" ? nil : .days(7)
                )
                if name == "later" { credential.retryAt = sample.start + .days(9) }
                if name == "stopped" { credential.contentionAt = sample.start }
                let (stored, rotation) = (credential, sample.rotation(of: credential))
                try await database.write { tx in
                    _ = try AgentStore.insert(agent, in: tx)
                    try CredentialStore.insert(stored, in: tx)
                    if name == "rotating" { _ = try RotationStore.insert(rotation, in: tx) }
                    let place = try sample.connect(agent, in: tx)
                    if name == "away" {
                        try PresenceStore.closed(agent.id, place, lastSeenAt: nil, now: sample.start, in: tx)
                    }
                }
            }
            let due = { @Sendable (issued: Instant, expires: Instant) async throws -> [AgentID] in
                try await database.read { tx in
                    try CredentialStore.due(
                        issuedBefore: issued,
                        expiresBefore: expires,
                        now: sample.start + .days(6),
                        limit: 10,
                        in: tx
                    ).elements.map(\.agentID)
                }
            }
            let start = sample.start
            #expect(try await due(start, start + .days(7)) == [])
            #expect(try await due(start + .seconds(1), start) == [agents["due"]])
            #expect(try await due(start, start + .days(8)) == [agents["due"]])
        }
    }

    @Test("ROT-11: uses of retired tokens are counted per credential; withdrawn ones are apart", arguments: Engine.all)
    func retiredTokens(engine: Engine) async throws {
        try await engine.withStore { database, sample in
            let agent = sample.agent("one")
            let credential = sample.credential(of: agent, seed: 1)
            let retired = (2...3).map { seed in
                RetiredToken(
                    credentialID: credential.id,
                    stamp: sample.stamp(seed),
                    generation: Int64(seed),
                    reason: .graceEnded,
                    retiredAt: sample.start,
                    expiresAt: sample.start + .days(1)
                )
            }
            let withdrawn = WithdrawnToken(
                credentialID: credential.id,
                stamp: sample.stamp(4),
                withdrawnAt: sample.start
            )
            let before = try await database.write { tx in
                _ = try AgentStore.insert(agent, in: tx)
                try CredentialStore.insert(credential, in: tx)
                for token in retired + retired { try RetiredTokenStore.insert(token, in: tx) }
                try RetiredTokenStore.insert(withdrawn, in: tx)
                return try [2, 3, 2].map { seed in
                    try RetiredTokenStore.recordUse(
                        of: sample.hash(seed).hash,
                        credential: credential.id,
                        now: sample.start,
                        in: tx
                    )
                }
            }
            #expect(before == [0, 1, 2])
            let found = try await database.read { tx in
                (
                    try RetiredTokenStore.findRetired(sample.hash(2).hash, in: tx),
                    try RetiredTokenStore.findWithdrawn(sample.hash(2).hash, in: tx),
                    try RetiredTokenStore.findRetired(sample.hash(4).hash, in: tx),
                    try RetiredTokenStore.findWithdrawn(sample.hash(4).hash, in: tx)
                )
            }
            #expect(found.0 == retired[0])
            #expect(found.1 == nil)
            #expect(found.2 == nil)
            #expect(found.3 == withdrawn)
            #expect(try await database.write { try RetiredTokenStore.forget(before: sample.start, in: $0) } == 0)
            let late = sample.start + .days(2)
            #expect(try await database.write { try RetiredTokenStore.forget(before: late, in: $0) } == 3)
        }
    }
}
