import ControlPlane
import Domain
import Testing

@Suite struct IndexShardTests {
    private let now = ContinuousClock.now

    @Test("TOK-2: what is kept is bounded, whatever is asked for, and what is used stays", arguments: [2, 3, 64])
    func boundOfRecords(capacity: Int) throws {
        var shard = IndexShard(capacity: capacity)
        let used = IndexSample.token()
        for number in 0..<10_000 {
            shard.keep(IndexSample.token(), for: IndexSample.hash(number), loadedAt: now, noted: 0)
            shard.keep(used, for: IndexSample.hash(-1), loadedAt: now, noted: 0)
            #expect(shard.count <= max(2, capacity))
        }
        guard case .known(let found) = shard.find(IndexSample.hash(-1), at: now) else {
            Issue.record("the record that is used was forgotten")
            return
        }
        #expect(found === used)
    }

    @Test("TOK-2: garbage with a right checksum grows nothing and costs no known token its place")
    func boundOfUnknown() {
        var shard = IndexShard(capacity: 4)
        shard.keep(IndexSample.token(), for: IndexSample.hash(-1), loadedAt: now, noted: 0)
        for number in 0..<10_000 { shard.keep(nil, for: IndexSample.hash(number), loadedAt: now, noted: 0) }
        #expect(shard.unknownCount <= 2 * IndexShard.maximumUnknown)
        #expect(shard.count == 1)
        guard case .known = shard.find(IndexSample.hash(-1), at: now) else {
            Issue.record("garbage drove a known token out")
            return
        }
    }

    @Test("ORG-6: a record is forgotten when what it was made from changes, and only then")
    func invalidation() {
        var shard = IndexShard(capacity: 16)
        let (one, other) = (IndexSample.token(["crd_1", "usr_1"]), IndexSample.token(["crd_2", "usr_2"]))
        shard.keep(one, for: IndexSample.hash(1), loadedAt: now, noted: 0)
        shard.keep(other, for: IndexSample.hash(2), loadedAt: now, noted: 0)
        shard.invalidate([IndexSources.place(of: "usr_1")])
        let found1 = isAbsent(shard.find(IndexSample.hash(1), at: now))
        #expect(found1)
        let found2 = isAbsent(shard.find(IndexSample.hash(2), at: now))
        #expect(!found2)
        shard.invalidateEverything()
        let found3 = isAbsent(shard.find(IndexSample.hash(2), at: now))
        #expect(found3)
    }

    @Test("REV-3: what was read before an invalidation is not kept after it")
    func race() {
        var shard = IndexShard(capacity: 16)
        let noted = shard.invalidations
        shard.invalidate([IndexSources.place(of: "usr_9")])
        let isKept = shard.keep(IndexSample.token(), for: IndexSample.hash(1), loadedAt: now, noted: noted)
        #expect(!isKept)
        let found4 = isAbsent(shard.find(IndexSample.hash(1), at: now))
        #expect(found4)
        let isUnknownKept = shard.keep(nil, for: IndexSample.hash(1), loadedAt: now, noted: noted)
        #expect(!isUnknownKept)
        let newer = shard.invalidations
        let isNewerKept = shard.keep(IndexSample.token(), for: IndexSample.hash(1), loadedAt: now, noted: newer)
        #expect(isNewerKept)
    }

    @Test("REV-3: a record that was made from more objects than can be watched is not kept", arguments: [8, 9])
    func tooManySources(count: Int) {
        var shard = IndexShard(capacity: 16)
        let token = IndexSample.token((0..<count).map { "usr_\($0)" })
        let isKept = shard.keep(token, for: IndexSample.hash(1), loadedAt: now, noted: 0)
        #expect(isKept == (count <= 8))
    }

    @Test("A record is trusted for 60 s and not a moment longer; an unknown hash for 5 s")
    func life() {
        var shard = IndexShard(capacity: 16)
        shard.keep(IndexSample.token(), for: IndexSample.hash(1), loadedAt: now, noted: 0)
        shard.keep(nil, for: IndexSample.hash(2), loadedAt: now, noted: 0)
        let found5 = isAbsent(shard.find(IndexSample.hash(1), at: now + IndexShard.life - .nanoseconds(1)))
        #expect(!found5)
        let found6 = isAbsent(shard.find(IndexSample.hash(1), at: now + IndexShard.life))
        #expect(found6)
        let found7 = isAbsent(shard.find(IndexSample.hash(2), at: now + IndexShard.unknownLife - .nanoseconds(1)))
        #expect(!found7)
        let found8 = isAbsent(shard.find(IndexSample.hash(2), at: now + IndexShard.unknownLife))
        #expect(found8)
    }

    private func isAbsent(_ answer: IndexShard.Answer) -> Bool {
        if case .absent = answer { true } else { false }
    }
}
