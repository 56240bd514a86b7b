import ControlPlane
import Domain
import Store
import Testing

@Suite struct ProtectedAPIShelfTests {
    private let now = ContinuousClock.now

    private static func id(_ number: Int) -> ProtectedAPIID {
        ProtectedAPIID(value: TypeIDValue(high: 0x0190_0000_0000_7000, low: 1 << 63 | UInt64(number)))
    }

    private static func api(_ number: Int) -> IndexedAPI {
        let organization = OrganizationID(value: TypeIDValue(high: 0x0190_0000_0000_7000, low: 1 << 63))
        return IndexedAPI(ProtectedAPI(id: id(number), organizationID: organization, name: "api"))
    }

    private func isKnown(_ answer: ProtectedAPIShelf.Answer) -> Bool {
        if case .known = answer { true } else { false }
    }

    private func isUnknown(_ answer: ProtectedAPIShelf.Answer) -> Bool {
        if case .unknown = answer { true } else { false }
    }

    @Test("TOK-2, TOK-5: made-up ids of APIs grow nothing, and cost no known API its place")
    func garbage() {
        var shelf = ProtectedAPIShelf()
        shelf.keep(Self.api(0), for: Self.id(0), loadedAt: now, noted: 0)
        for number in 1..<20_000 { shelf.keep(nil, for: Self.id(number), loadedAt: now, noted: 0) }
        #expect(shelf.unknownCount <= 2 * ProtectedAPIShelf.maximumUnknown)
        #expect(shelf.count == 1)
        let found = shelf.find(Self.id(0), at: now)
        #expect(isKnown(found))
    }

    @Test("TOK-5: what is kept of APIs is bounded, and what is used stays")
    func bound() {
        var shelf = ProtectedAPIShelf()
        shelf.keep(Self.api(0), for: Self.id(0), loadedAt: now, noted: 0)
        for number in 1..<(4 * ProtectedAPIShelf.maximumKnown) {
            shelf.keep(Self.api(number), for: Self.id(number), loadedAt: now, noted: 0)
            let used = shelf.find(Self.id(0), at: now)
            #expect(isKnown(used))
            #expect(shelf.count <= 2 * ProtectedAPIShelf.maximumKnown)
        }
    }

    @Test("TOK-5: what was read of an API before it changed is not kept, and nothing of it is after it")
    func race() {
        var shelf = ProtectedAPIShelf()
        let noted = shelf.invalidations
        shelf.invalidate([Self.id(1)])
        let isKept = shelf.keep(Self.api(1), for: Self.id(1), loadedAt: now, noted: noted)
        #expect(!isKept)
        let isAbsenceKept = shelf.keep(nil, for: Self.id(1), loadedAt: now, noted: noted)
        #expect(!isAbsenceKept)
        shelf.keep(nil, for: Self.id(1), loadedAt: now, noted: shelf.invalidations)
        shelf.keep(Self.api(2), for: Self.id(2), loadedAt: now, noted: shelf.invalidations)
        let none = shelf.find(Self.id(1), at: now)
        #expect(isUnknown(none))
        // It is made: that there was none counts no more.
        shelf.invalidate([Self.id(1)])
        let made = shelf.find(Self.id(1), at: now)
        #expect(!isUnknown(made) && !isKnown(made))
        let other = shelf.find(Self.id(2), at: now)
        #expect(isKnown(other))
        shelf.invalidateEverything()
        let gone = shelf.find(Self.id(2), at: now)
        #expect(!isKnown(gone))
        let isLateKept = shelf.keep(Self.api(1), for: Self.id(1), loadedAt: now, noted: noted)
        #expect(!isLateKept)
    }

    @Test("An API is trusted for 60 s and not a moment longer; an id that nothing has for 5 s")
    func life() {
        var shelf = ProtectedAPIShelf()
        shelf.keep(Self.api(1), for: Self.id(1), loadedAt: now, noted: 0)
        shelf.keep(nil, for: Self.id(2), loadedAt: now, noted: 0)
        let unknown = shelf.find(Self.id(2), at: now + IndexShard.life - .nanoseconds(1))
        #expect(isUnknown(unknown))
        let open = shelf.find(Self.id(2), at: now + IndexShard.life)
        #expect(!isUnknown(open))
        let known = shelf.find(Self.id(1), at: now + IndexShard.life - .nanoseconds(1))
        #expect(isKnown(known))
        let old = shelf.find(Self.id(1), at: now + IndexShard.life)
        #expect(!isKnown(old))
    }

    @Test("design §6: an API is loaded once at a time, in time, within the bound of all loads, and not across a change")
    func loads() async throws {
        var bounds = IndexLoads.Bounds()
        bounds.count = 1
        bounds.wait = .milliseconds(200)
        let index = CredentialIndex(bounds: bounds)
        index.follower.succeeded(begunAt: .now + .seconds(3600))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await index.run() }
            while !index.isServing { try await Task.sleep(for: .milliseconds(1)) }
            let (entered, release) = (Signal(), Signal())
            async let first = index.load(Self.id(1)) {
                entered.send()
                await release.sent()
                return Self.api(1)
            }
            await entered.sent()
            await expectRefusal(.overloaded) { try await index.load(IndexSample.hash(1)) { nil } }
            index.honour([Change(sequence: 1, kind: "protected_api", id: Self.id(1).text)])
            do {
                _ = try await first
                Issue.record("nobody waits longer than the deadline")
            } catch {
                #expect((error as? ControlPlaneError)?.code == .overloaded)
            }
            release.send()
            try await eventually { index.apiSize.known == 0 && index.waiting == 0 }
            try await eventually {
                (try? await index.load(Self.id(1)) { Self.api(1) })?.api.id == Self.id(1)
            }
            #expect(index.apiSize.known == 1)
            group.cancelAll()
        }
    }

    private func eventually(_ condition: () async throws -> Bool) async throws {
        let end = ContinuousClock.now + .seconds(20)
        while ContinuousClock.now < end {
            if try await condition() { return }
            try await Task.sleep(for: .milliseconds(5))
        }
        Issue.record("it did not come to pass")
    }
}
