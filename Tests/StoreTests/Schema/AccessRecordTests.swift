import Domain
import SQLDatabase
import Store
import Testing

@Suite("People, sessions, secrets and settings are stored as they are")
struct AccessRecordTests {
    private func user(_ sample: Sample, _ email: String) throws -> UserAccount {
        UserAccount(
            id: sample.ids.next(),
            email: try #require(EmailAddress(email)),
            name: "Someone",
            passwordHash: "scrypt$1",
            passwordChangedAt: sample.start,
            isServerAdministrator: true,
            createdAt: sample.start,
            updatedAt: sample.start
        )
    }

    private func session(_ sample: Sample, of user: UserAccount, seed: UInt64) -> Session {
        Session(
            id: sample.ids.next(),
            userID: user.id,
            stamp: sample.stamp(seed),
            surface: .cli,
            address: "127.0.0.1",
            userAgent: nil,
            createdAt: sample.start,
            expiresAt: sample.start + .days(7),
            lastUsedAt: sample.start
        )
    }

    @Test(
        "ORG-3: a person is found by address, which is taken once, and changed by compare-and-swap",
        arguments: Engine.all
    )
    func users(engine: Engine) async throws {
        try await engine.withStore { database, sample in
            let first = try user(sample, "One@Example.org")
            let second = try user(sample, "one@example.org")
            #expect(try await database.write { try UserStore.insert(first, in: $0) })
            #expect(try await database.write { try UserStore.insert(second, in: $0) } == false)
            #expect(try await database.read { try UserStore.find(email: second.email, in: $0) } == first)
            var changed = first
            changed.name = "Renamed"
            changed.passwordHash = nil
            changed.version = 2
            let renamed = changed
            #expect(try await database.write { try UserStore.update(renamed, expectedVersion: 1, in: $0) })
            #expect(try await database.write { try UserStore.update(renamed, expectedVersion: 1, in: $0) } == false)
            #expect(try await database.read { try UserStore.get(first.id, in: $0) } == renamed)
        }
    }

    @Test("ORG-10: active owners are counted by membership and account", arguments: Engine.all)
    func owners(engine: Engine) async throws {
        try await engine.withStore { database, sample in
            let one = try user(sample, "one@example.org")
            let owner = Membership(role: OrganizationRole.owner, status: .active)
            let manager = Membership(role: WorkspaceRole.manager, status: .paused)
            let organization = sample.organization
            #expect(try await database.read { try MembershipStore.hasOwner(in: $0) } == false)
            try await database.write { tx in
                _ = try UserStore.insert(one, in: tx)
                let ids: [MembershipID] = [sample.ids.next(), sample.ids.next()]
                for id in ids {
                    let added = try MembershipStore.insert(
                        owner,
                        id: id,
                        user: one.id,
                        organization: organization,
                        now: sample.start,
                        in: tx
                    )
                    #expect(added == (id == ids[0]))
                }
                _ = try MembershipStore.insert(
                    manager,
                    id: sample.ids.next(),
                    user: one.id,
                    organization: organization,
                    workspace: sample.workspace,
                    now: sample.start,
                    in: tx
                )
                let version = try OrganizationStore.lock(organization, in: tx)
                #expect(version == 2)
            }
            let found = try await database.read { tx in
                try MembershipStore.memberships(
                    of: one.id,
                    organization: organization,
                    workspace: sample.workspace,
                    in: tx
                )
            }
            #expect(found == Memberships(organization: owner, workspace: manager))
            #expect(try await database.read { try MembershipStore.activeOwners(of: organization, in: $0) } == 1)
            #expect(try await database.read { try MembershipStore.owners(of: organization, in: $0) } == [one.id])
            try await database.write { tx in
                let paused = Membership(role: OrganizationRole.owner, status: .paused)
                _ = try MembershipStore.change(
                    to: paused,
                    user: one.id,
                    organization: organization,
                    now: sample.start,
                    in: tx
                )
            }
            #expect(try await database.read { try MembershipStore.activeOwners(of: organization, in: $0) } == 0)
            #expect(try await database.read { try MembershipStore.hasOwner(in: $0) })
        }
    }

    @Test("ORG-3: sessions are found, touched, listed and ended", arguments: Engine.all)
    func sessions(engine: Engine) async throws {
        try await engine.withStore { database, sample in
            let person = try user(sample, "one@example.org")
            let sessions = (1...3).map { session(sample, of: person, seed: $0) }
            let later = sample.start + .hours(1)
            try await database.write { tx in
                _ = try UserStore.insert(person, in: tx)
                for session in sessions { try SessionStore.insert(session, in: tx) }
                try SessionStore.touch(sessions[0].id, at: later, in: tx)
                try SessionStore.touch(sessions[0].id, at: sample.start, in: tx)
            }
            let found = try await database.read { try SessionStore.find(sample.hash(1).hash, in: $0) }
            #expect(found?.lastUsedAt == later)
            let ended = try await database.write { tx in
                [
                    try SessionStore.end(sessions[1].id, reason: "logout", now: later, in: tx),
                    try SessionStore.end(sessions[1].id, reason: "again", now: later, in: tx),
                ]
            }
            #expect(ended == [true, false])
            let live = try await database.read { tx in
                try SessionStore.live(of: person.id, usedSince: sample.start, now: later, in: tx).map(\.id)
            }
            #expect(Set(live) == [sessions[0].id, sessions[2].id])
            let count = try await database.write { tx in
                try SessionStore.endAll(
                    of: person.id,
                    except: sessions[2].id,
                    reason: "password",
                    now: later,
                    in: tx
                )
            }
            #expect(count == 1)
            #expect(try await database.read { try SessionStore.get(sessions[0].id, in: $0) }?.endReason == "password")
        }
    }

    @Test("ORG-2: of many at once exactly one uses a one-time secret, and nobody after its end", arguments: Engine.all)
    func oneTimeSecrets(engine: Engine) async throws {
        try await engine.withStore { database, sample in
            let secrets = (1...3).map { seed in
                OneTimeSecret(
                    id: sample.ids.next(),
                    kind: .setup,
                    stamp: sample.stamp(seed),
                    userID: nil,
                    organizationID: sample.organization,
                    createdAt: sample.start,
                    expiresAt: sample.start + .minutes(30)
                )
            }
            try await database.write { tx in for secret in secrets { try OneTimeSecretStore.insert(secret, in: tx) } }
            let use = { @Sendable (seed: UInt64, kind: OneTimeSecret.Kind, now: Instant) async throws -> Bool in
                try await database.write { tx in
                    try OneTimeSecretStore.consume(sample.hash(seed).hash, kind: kind, now: now, in: tx) != nil
                }
            }
            let winners = try await withThrowingTaskGroup(of: Bool.self) { group in
                for _ in 0..<20 { group.addTask { try await use(1, .setup, sample.start) } }
                return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(winners == 1)
            #expect(try await use(2, .recovery, sample.start) == false)
            #expect(try await use(2, .setup, sample.start + .minutes(30)) == false)
            #expect(try await use(2, .setup, sample.start + .minutes(29)))
            try await database.write { _ = try OneTimeSecretStore.withdrawAll(.setup, now: sample.start, in: $0) }
            #expect(try await use(3, .setup, sample.start) == false)
        }
    }

    @Test("a setting is set, changed and forgotten", arguments: Engine.all)
    func settings(engine: Engine) async throws {
        try await engine.withStore { database, sample in
            try await database.write { tx in
                try SettingStore.set("a", to: "1", by: "usr_x", now: sample.start, in: tx)
                try SettingStore.set("a", to: "2", by: nil, now: sample.start, in: tx)
                try SettingStore.set("b", to: "garbage", by: nil, now: sample.start, in: tx)
            }
            #expect(try await database.read { try SettingStore.all(in: $0) } == ["a": "2", "b": "garbage"])
            #expect(try await database.write { try SettingStore.remove("a", in: $0) })
            #expect(try await database.write { try SettingStore.remove("a", in: $0) } == false)
        }
    }

    @Test(
        "an idempotency key is claimed once, answered after, given back, and free again when it has expired",
        arguments: Engine.all
    )
    func idempotency(engine: Engine) async throws {
        try await engine.withStore { database, sample in
            let key = IdempotencyKey(caller: "usr_x", route: "POST /agents", key: "k")
            let end = sample.start + .hours(24)
            let begin = { @Sendable (now: Instant) async throws -> IdempotencyRecord? in
                try await database.write { tx in
                    try IdempotencyStore.begin(key, bodyHash: [1], now: now, expiresAt: now + .hours(24), in: tx)
                }
            }
            #expect(try await begin(sample.start) == nil)
            let running = try await begin(sample.start)
            #expect(running?.bodyHash == [1])
            #expect(running?.answer == nil)
            let claimed = sample.start
            #expect(running?.isCommitted == false)
            try await database.write { try IdempotencyStore.release(key, claimedAt: end, in: $0) }
            #expect(try await begin(claimed) == running)
            try await database.write { try IdempotencyStore.release(key, claimedAt: claimed, in: $0) }
            #expect(try await begin(claimed) == nil)
            let isNoted = { @Sendable (instant: Instant) async throws -> Bool in
                try await database.write { try IdempotencyStore.noteCommit(key, claimedAt: instant, in: $0) }
            }
            #expect(try await isNoted(end) == false)
            #expect(try await isNoted(claimed))
            try await database.write { try IdempotencyStore.release(key, claimedAt: claimed, in: $0) }
            #expect(try await begin(claimed)?.isCommitted == true)
            let answer = IdempotencyRecord.Answer(status: 201, body: #"{"secret":null}"#)
            try await database.write { try IdempotencyStore.finish(key, claimedAt: claimed, answer: answer, in: $0) }
            try await database.write { try IdempotencyStore.release(key, claimedAt: claimed, in: $0) }
            #expect(try await begin(sample.start)?.answer == answer)
            #expect(try await begin(end) == nil)
        }
    }

    @Test("data keys, sealed values and peppers pass through as ciphertext", arguments: Engine.all)
    func sealed(engine: Engine) async throws {
        try await engine.withStore { database, sample in
            let key = WrappedDataKey(id: sample.ids.next(), scope: .server, masterKeyID: "m1", bytes: [1, 2, 3])
            let pepper = SealedPepper(id: 2, value: SealedValue(dataKeyID: key.id, bytes: [9, 9]))
            let rewrapped = WrappedDataKey(id: key.id, scope: .server, masterKeyID: "m2", bytes: [4])
            try await database.write { tx in
                try tx.execute("DELETE FROM pepper")
                try SealedStore.insert(key, createdAt: sample.start, in: tx)
                try SealedStore.insert(pepper, now: sample.start, in: tx)
            }
            #expect(try await database.read { try SealedStore.dataKeys(in: $0) } == [key])
            #expect(try await database.read { try SealedStore.peppers(in: $0) } == [pepper])
            #expect(try await database.write { try SealedStore.rewrap(rewrapped, expectedMasterKeyID: "m1", in: $0) })
            #expect(
                try await database.write { try SealedStore.rewrap(rewrapped, expectedMasterKeyID: "m1", in: $0) }
                    == false
            )
            #expect(try await database.read { try SealedStore.dataKeys(in: $0) } == [rewrapped])
            let elsewhere = SealedPlace(table: "pepper", id: "2", version: 2, field: "secret")
            #expect(try await database.read { try SealedStore.get(elsewhere, in: $0) } == nil)
        }
    }

    @Test("ROT-9: a lease has one holder until it ends, and each tenure its number", arguments: Engine.all)
    func leases(engine: Engine) async throws {
        try await engine.withStore { database, sample in
            let acquire = { @Sendable (holder: String, minutes: Int) async throws -> Int64? in
                let now = sample.start + .minutes(minutes)
                return try await database.write { tx in
                    try LeaseStore.acquire("scheduler", holder: holder, now: now, until: now + .minutes(2), in: tx)
                }
            }
            let release = { @Sendable (holder: String) async throws in
                let now = sample.start + .minutes(3)
                try await database.write { try LeaseStore.release("scheduler", holder: holder, now: now, in: $0) }
            }
            let isHeld = { @Sendable (holder: String, tenure: Int64) async throws in
                try await database.write { tx in
                    try LeaseStore.isHeld("scheduler", holder: holder, tenure: tenure, in: tx)
                }
            }
            #expect(try await acquire("a", 0) == 1)
            #expect(try await acquire("b", 1) == nil)
            #expect(try await acquire("a", 1) == 1)
            #expect(try await acquire("b", 2) == nil)
            #expect(try await isHeld("a", 1))
            #expect(try await acquire("b", 3) == 2)
            #expect(try await !isHeld("a", 1))
            #expect(try await isHeld("b", 2))
            try await release("a")
            #expect(try await acquire("a", 3) == nil)
            try await release("b")
            #expect(try await acquire("a", 3) == 3)
            #expect(try await acquire("a", 6) == 4, "a holder that let its lease end begins anew")
        }
    }
}
