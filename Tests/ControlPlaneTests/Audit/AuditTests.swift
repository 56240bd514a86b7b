import ControlPlane
import Domain
import SQLDatabase
import Store
import StrictJSON
import Testing

@Suite("Audit")
struct AuditTests {
    @Test("AUD-1: a denied management operation is one event, for dry runs too")
    func denials() async throws {
        try await AccessBench.run { bench in
            let (_, caller) = try await bench.owner()
            let viewer = caller.limited(to: WorkspaceRole.viewer.permissionSet)
            let target = AuditTarget(kind: "agent", id: "agt_x")
            await expectRefusal(.permissionDenied) {
                try await bench.context.authorize(viewer, .agentsRevoke, as: "agent.revoke", target: target)
            }
            await expectRefusal(.permissionDenied) {
                let rehearsing = viewer.marked(.dryRun)
                try await bench.context.authorize(rehearsing, .agentsRevoke, as: "agent.revoke", target: target)
            }
            try await bench.context.authorize(viewer, .agentsRead, as: "agent.get", target: target)
            let events = try await bench.events(caller.organizationID).filter { $0.outcome == .denied }
            #expect(events.map(\.mode) == [.dryRun, .normal])
            #expect(events.allSatisfy { $0.action == "agent.revoke" && $0.target == target })
            #expect(events.allSatisfy { $0.reason == "needs agents:revoke" && $0.actor == caller.actor })
        }
    }

    @Test("AUD-1: server administrators read the server's own events, organization auditors do not")
    func serverScope() async throws {
        try await AccessBench.run { bench in
            let (_, caller) = try await bench.owner()
            let event = Caller.host(user: "root", requestID: "r").auditEvent(
                id: bench.context.ids.next(),
                at: bench.clock.now(),
                action: "owner.recover",
                target: nil
            )
            try await bench.context.database.write { tx in try AuditStore.append(event, in: tx) }
            let audit = AuditService(context: bench.context)
            var query = AuditQuery()
            query.actions = ["owner.recover"]
            #expect(try await audit.events(query, caller: caller).items.isEmpty)
            query.isServerScope = true
            #expect(try await audit.events(query, caller: caller).items.map(\.action) == ["owner.recover"])
            let auditor = caller.limited(to: OrganizationRole.auditor.permissionSet)
            let serverQuery = query
            await expectRefusal(.permissionDenied) { _ = try await audit.events(serverQuery, caller: auditor) }
        }
    }

    @Test("AUD-2: free text in an event loses every token")
    func redacts() async throws {
        try await AccessBench.run { bench in
            let token = Token.make(.agent, random: .system).revealed()
            let caller = Caller(
                actor: Actor(kind: .user, id: "usr_x", name: "mallory \(token)"),
                organizationID: nil,
                workspaceID: nil,
                address: nil,
                userAgent: "curl \(token)",
                requestID: "r",
                surface: .api,
                rights: .holder([])
            )
            let event = caller.auditEvent(
                id: bench.context.ids.next(),
                at: bench.clock.now(),
                action: "agent.update",
                target: nil,
                reason: "leak \(token)",
                before: "{\"name\":\"\(token)\"}",
                after: token,
                details: token
            )
            #expect(!"\(event)".contains(token.dropFirst(7).prefix(8)))
            #expect(event.reason == "leak clv_ag_…[redacted]")
        }
    }

    @Test("AUD-1: refusals of the hot path are one event per source, code and minute, with a count")
    func counted() async throws {
        try await AccessBench.run { bench in
            _ = try await bench.owner()
            for _ in 0..<100 {
                await expectRefusal(.invalidToken) {
                    try await bench.authentication.authenticate(bearer: "garbage", origin: bench.stranger())
                }
            }
            await expectRefusal(.invalidToken) {
                try await bench.authentication.authenticate(bearer: "garbage", origin: bench.stranger("192.0.2.2"))
            }
            await bench.denials.flush()
            #expect(try await bench.events(nil).filter { $0.outcome == .denied } == [])
            bench.clock.advance(by: .minutes(1))
            await bench.denials.flush()
            await bench.denials.flush(everything: true)
            let events = try await bench.events(nil).filter { $0.outcome == .denied }
            #expect(Set(events.map { "\($0.address ?? "") \($0.count)" }) == ["192.0.2.1 100", "192.0.2.2 1"])
            #expect(events.allSatisfy { $0.reason == "InvalidToken" && $0.action == "session.authenticate" })
        }
    }

    @Test("AUD-1: refusals of one credential are one event, from however many addresses it is shown")
    func countedByCredential() async throws {
        try await AccessBench.run { bench in
            let credential: CredentialID = bench.context.ids.next()
            for number in 0..<10 {
                let caller = Caller(
                    actor: .anonymous,
                    organizationID: nil,
                    workspaceID: nil,
                    credentialID: credential,
                    credentialPrefix: "clv_in_abcd",
                    address: "192.0.2.\(number)",
                    userAgent: nil,
                    requestID: "r",
                    surface: .channel,
                    rights: .holder([])
                )
                bench.denials.record(action: "agent.enroll", code: .expiredToken, caller: caller)
                bench.denials.record(action: "agent.enroll", code: .revokedToken, caller: caller)
            }
            await bench.denials.flush(everything: true)
            let events = try await bench.events(nil)
            #expect(Set(events.map { "\($0.reason ?? "") \($0.count)" }) == ["ExpiredToken 10", "RevokedToken 10"])
            #expect(events.count == 2)
            #expect(events.allSatisfy { $0.credentialID == credential && $0.credentialPrefix == "clv_in_abcd" })
        }
    }

    @Test("AUD-1: counts that can't be written are kept and written when it works again")
    func keptOnFailure() async throws {
        try await AccessBench.run { bench in
            func refuse(_ times: Int) {
                for _ in 0..<times {
                    bench.denials.record(action: "x.y", code: .invalidToken, caller: bench.stranger())
                }
            }
            refuse(3)
            try await bench.database.write { tx in
                try tx.executeSchema("ALTER TABLE audit_event RENAME TO hidden")
            }
            await bench.denials.flush(everything: true)
            refuse(4)
            try await bench.database.write { tx in
                try tx.executeSchema("ALTER TABLE hidden RENAME TO audit_event")
            }
            await bench.denials.flush(everything: true)
            #expect(try await bench.events(nil).map(\.count) == [7])
        }
    }

    @Test("AUD-1: counts that were put back stay bounded, and none is lost")
    func putBackIsBounded() {
        var counter = DenialCounter()
        var now = Instant(microseconds: 1_795_222_207_000_000)
        let perMinute = DenialCounter.maximumEntries / 2
        for _ in 0..<8 {
            for number in 0..<perMinute {
                let key = DenialCounter.Key(action: "x", code: "y", credentialID: nil, address: "a\(number)")
                counter.add(DenialCounter.Refusal(time: now, surface: .channel), key: key)
            }
            now += .minutes(1)
            counter.putBack(counter.take(at: now))
        }
        let counts = counter.take(at: now)
        #expect(counts.count <= DenialCounter.maximumEntries + 8)
        #expect(counts.map(\.count).reduce(0, +) == Int64(8 * perMinute))
    }

    @Test("AUD-1: a change whose event can't be written does not happen")
    func sameTransaction() async throws {
        try await AccessBench.run { bench in
            let (_, caller) = try await bench.owner()
            try await bench.database.write { tx in try tx.executeSchema("DROP TABLE audit_event") }
            await expectRefusal(.unavailable) {
                try await bench.settings.update(["agent_token_rotation_days": 9], caller: caller)
            }
            #expect(try await bench.settings.values().server[.agentTokenRotationDays] == 7)
            await expectRefusal(.unavailable) { try await bench.accounts.logout(caller: caller) }
            #expect(try await bench.accounts.sessions(caller: caller).count == 1)
        }
    }

    @Test("AUD-2: text that no database takes, or far too long, is made fit and the event is written")
    func unfitText() async throws {
        try await AccessBench.run { bench in
            let (_, caller) = try await bench.owner()
            let reason = "a\u{0}b" + String(repeating: "é", count: 5000)
            await bench.context.recordDenial(of: "x.y", to: caller, target: nil, reason: reason)
            let event = try await bench.events(caller.organizationID).first
            #expect(event?.reason?.hasPrefix("a\u{FFFD}b") == true)
            #expect(event?.reason?.count == FreeText.maximumLength + 1)
        }
    }

    @Test("AUD-1: a flood from countless addresses is bounded and still counted")
    func flood() {
        var counter = DenialCounter()
        let now = Instant(microseconds: 1_795_222_207_000_000)
        for number in 0..<DenialCounter.maximumEntries + 500 {
            let key = DenialCounter.Key(
                action: "channel.admit",
                code: "InvalidToken",
                credentialID: nil,
                address: "a\(number)"
            )
            counter.add(DenialCounter.Refusal(time: now, address: "a\(number)", surface: .channel), key: key)
        }
        #expect(counter.take(at: now) == [])
        let counts = counter.take(at: now + .minutes(1))
        #expect(counts.count == DenialCounter.maximumEntries + 1)
        #expect(counts.first { $0.key.address == nil }?.count == 500)
        #expect(counter.take(at: now + .minutes(2)) == [])
    }

    @Test("AUD-1: the trail is read with audit:read only, newest first and in pages")
    func reads() async throws {
        try await AccessBench.run { bench in
            let (_, caller) = try await bench.owner()
            for days in 1..<6 {
                bench.clock.advance(by: .seconds(1))
                let changes = JSONObject([("agent_token_rotation_days", .integer(Int64(days)))])
                _ = try await bench.settings.update(changes, at: .organization, caller: caller)
            }
            let first = try await bench.audit.list(limit: 4, caller: caller)
            #expect(first.events.map(\.after) == ["5", "4", "3", "2"])
            let rest = try await bench.audit.list(after: first.next, limit: 200, caller: caller)
            #expect(rest.events.map(\.action) == ["setting.update", "setup.complete"])
            #expect(rest.next == nil)
            await expectRefusal(.permissionDenied) {
                try await bench.audit.list(caller: caller.limited(to: WorkspaceRole.manager.permissionSet))
            }
            for limit in [0, 201] {
                await expectRefusal(.invalidFields) { try await bench.audit.list(limit: limit, caller: caller) }
            }
        }
    }
}

extension Caller {
    /// What the caller may do by themselves; nothing for a token.
    var held: PermissionSet {
        guard case .holder(let permissions) = rights else { return [] }
        return permissions
    }

    /// The same caller with fewer permissions.
    func limited(to permissions: PermissionSet) -> Caller {
        Caller(
            actor: actor,
            organizationID: organizationID,
            workspaceID: workspaceID,
            credentialID: credentialID,
            credentialPrefix: credentialPrefix,
            address: address,
            userAgent: userAgent,
            requestID: requestID,
            surface: surface,
            rights: .holder(permissions)
        )
    }
}
