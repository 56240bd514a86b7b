import ControlPlane
import Domain
import Store
import Synchronization
import TestDatabases
import Testing

@Suite struct CredentialIndexTests {
    @Test("REV-3: an invalidation during a load wins: what the load read is not kept")
    func invalidationDuringLoad() async throws {
        try await serving { index in
            let hash = IndexSample.hash(1)
            let (entered, release) = (Signal(), Signal())
            async let loading = index.load(hash) {
                entered.send()
                await release.sent()
                return IndexSample.token(["usr_1"])
            }
            await entered.sent()
            index.honour([Change(sequence: 1, kind: "membership", id: "usr_1")])
            release.send()
            let loaded = try await loading
            #expect(loaded !== nil)
            #expect(isAbsent(index.find(hash)))
        }
    }

    @Test("REV-3: a load that begins after an invalidation joins none that began before it")
    func noJoiningAcrossInvalidation() async throws {
        try await serving { index in
            let hash = IndexSample.hash(1)
            let (entered, release) = (Signal(), Signal())
            let (old, new) = (IndexSample.token(["usr_1"]), IndexSample.token(["usr_1"]))
            async let early = index.load(hash) {
                entered.send()
                await release.sent()
                return old
            }
            await entered.sent()
            index.honour([Change(sequence: 1, kind: "api_token", id: "usr_1")])
            let later = try await index.load(hash) { new }
            #expect(later === new)
            release.send()
            let earlier = try await early
            #expect(earlier === old)
            guard case .known(let kept) = index.find(hash) else {
                Issue.record("the later load was not kept")
                return
            }
            #expect(kept === new)
        }
    }

    @Test("design §6: the same hash is loaded once at a time, however many ask")
    func singleFlight() async throws {
        try await serving { index in
            let (count, release, entered) = (Tally(), Signal(), Signal())
            let found = IndexSample.token()
            try await withThrowingTaskGroup(of: Bool.self) { group in
                for _ in 0..<64 {
                    group.addTask {
                        try await index.load(IndexSample.hash(1)) {
                            count.add()
                            entered.send()
                            await release.sent()
                            return found
                        } === found
                    }
                }
                await entered.sent()
                while index.waiting < 64 { try await Task.sleep(for: .milliseconds(2)) }
                release.send()
                for try await isSame in group { #expect(isSame) }
            }
            #expect(count.value == 1)
        }
    }

    @Test("design §6: a load that takes too long gives everybody who waits an answer in time")
    func deadline() async throws {
        var bounds = IndexLoads.Bounds()
        bounds.wait = .milliseconds(50)
        try await serving(bounds: bounds) { index in
            let release = Signal()
            let begun = ContinuousClock.now
            await expectRefusal(.overloaded) {
                try await index.load(IndexSample.hash(1)) {
                    await release.sent()
                    return nil
                }
            }
            #expect(ContinuousClock.now - begun < .seconds(5))
            release.send()
        }
    }

    @Test("design §6: one load more than may wait is refused at once, and room comes back", arguments: [1, 4])
    func crowd(count: Int) async throws {
        var bounds = IndexLoads.Bounds()
        bounds.count = count
        bounds.wait = .seconds(60)
        try await serving(bounds: bounds) { index in
            let (release, entered) = (Signal(), Tally())
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<count {
                    group.addTask {
                        _ = try await index.load(IndexSample.hash(number)) {
                            entered.add()
                            await release.sent()
                            return nil
                        }
                    }
                }
                while entered.value < count { try await Task.sleep(for: .milliseconds(2)) }
                await expectRefusal(.overloaded) { try await index.load(IndexSample.hash(-1)) { nil } }
                release.send()
                try await group.waitForAll()
            }
            let afterwards = try await index.load(IndexSample.hash(-1)) { nil }
            #expect(afterwards === nil)
        }
    }

    @Test("REV-3: a node that could not follow the changes for a second trusts nothing it kept")
    func staleness() async throws {
        let index = CredentialIndex()
        let hash = IndexSample.hash(1)
        let first = try await index.load(hash) { IndexSample.token() }
        #expect(first !== nil)
        #expect(index.size.known == 0, "nothing is kept before the change log is followed")
        index.follower.succeeded(begunAt: .now + .seconds(3600))
        _ = try await index.load(hash) { IndexSample.token() }
        #expect(!isAbsent(index.find(hash)))
        index.follower.succeeded(begunAt: .now - CredentialIndex.staleness)
        #expect(isAbsent(index.find(hash)))
        _ = try await index.load(IndexSample.hash(2)) { IndexSample.token() }
        #expect(index.size.known == 1)
    }

    @Test("TOK-2: a million garbage hashes leave the index as large as it may be")
    func garbage() async throws {
        let index = CredentialIndex(capacity: 1000, shards: 4)
        index.follower.succeeded(begunAt: .now + .seconds(3600))
        for number in 0..<20_000 { _ = try await index.load(IndexSample.hash(number)) { nil } }
        for number in 0..<5000 { _ = try await index.load(IndexSample.hash(number)) { IndexSample.token() } }
        #expect(index.size.unknown <= 4 * 2 * IndexShard.maximumUnknown)
        #expect(index.size.known <= 1000)
    }

    private func isAbsent(_ answer: IndexShard.Answer) -> Bool {
        if case .absent = answer { true } else { false }
    }

    /// A busy machine may take its time.
    private static var patient: IndexLoads.Bounds {
        var bounds = IndexLoads.Bounds()
        bounds.wait = .seconds(60)
        return bounds
    }

    /// Runs a test on an index that is trusted and carries out its loads.
    private func serving(
        bounds: IndexLoads.Bounds = CredentialIndexTests.patient,
        _ body: (CredentialIndex) async throws -> Void
    ) async throws {
        let index = CredentialIndex(bounds: bounds)
        index.follower.succeeded(begunAt: .now + .seconds(3600))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await index.run() }
            while !index.isServing { try await Task.sleep(for: .milliseconds(1)) }
            try await body(index)
            group.cancelAll()
        }
    }
}

/// How often something happened.
final class Tally: Sendable {
    private let count = Atomic<Int>(0)

    var value: Int { count.load(ordering: .relaxed) }
    func add() { count.wrappingAdd(1, ordering: .relaxed) }
}

/// Something that happened, for whoever waits for it, before or after.
final class Signal: Sendable {
    private let isSent = Atomic<Bool>(false)

    func send() { isSent.store(true, ordering: .releasing) }

    func sent() async {
        while !isSent.load(ordering: .acquiring) { try? await Task.sleep(for: .milliseconds(1)) }
    }
}
