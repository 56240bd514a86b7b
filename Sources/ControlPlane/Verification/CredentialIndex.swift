package import Domain
internal import ServiceLifecycle
package import Store
internal import Synchronization

/// The credential index of a node: bounded, sharded, in memory (design §6).
///
/// It is right because of three things. A change that this node commits is honoured before its use case answers; a
/// change of another process or node arrives with the change log, and a node that could not follow that for a second
/// trusts nothing here. A load notes its shard's invalidations before it reads, and what it found is kept only if none
/// came meanwhile. And nothing is trusted for longer than ``IndexShard/life``.
package final class CredentialIndex: Service {
    /// For how long the change log may go unread before nothing here is trusted (REV-3).
    package static let staleness = Duration.seconds(1)
    package static let defaultCapacity = 200_000

    private final class Shard: Sendable {
        let state: Mutex<IndexShard>

        init(capacity: Int) { state = Mutex(IndexShard(capacity: capacity)) }
    }

    /// How far this node follows the change log.
    package let follower: FollowerStatus
    /// The protected APIs that this node knows.
    let apis = ProtectedAPIIndex()
    private let shards: [Shard]
    private let loads: IndexLoads

    package init(
        capacity: Int = defaultCapacity,
        shards count: Int = 32,
        follower: FollowerStatus = FollowerStatus(),
        bounds: IndexLoads.Bounds = IndexLoads.Bounds()
    ) {
        self.follower = follower
        shards = (0..<max(1, count)).map { _ in Shard(capacity: capacity / max(1, count)) }
        loads = IndexLoads(bounds)
    }

    /// What is known of a hash; `absent` if nothing is, or nothing may be trusted now.
    package func find(_ hash: TokenHash) -> IndexShard.Answer {
        guard follower.isFresh(within: Self.staleness) else { return .absent }
        return shard(hash).state.withLock { $0.find(hash, at: .now) }
    }

    /// Asks the store by `load`, once at a time for each hash, and keeps what it says.
    ///
    /// Throws `Overloaded` if too many loads wait, or this one did for too long.
    package func load(
        _ hash: TokenHash,
        by load: @escaping IndexLoads.Load
    ) async throws(ControlPlaneError) -> IndexedToken? {
        let (shard, begun) = (shard(hash), ContinuousClock.now)
        let noted = shard.state.withLock { $0.invalidations }
        let isTrusted = follower.isFresh(within: Self.staleness)
        return try await loads.run(hash, noted: noted, isShared: isTrusted) { [follower] () throws(ControlPlaneError) in
            let found = try await load()
            guard isTrusted, follower.isFresh(within: Self.staleness) else { return found }
            shard.state.withLock { _ = $0.keep(found, for: hash, loadedAt: begun, noted: noted) }
            return found
        }
    }

    /// Forgets what these changes concern.
    package func honour(_ changes: [Change]) {
        for change in changes where change.kind == "protected_api" { apis.forget(ProtectedAPIID(change.id)) }
        let places = Set(changes.lazy.filter { Self.kinds.contains($0.kind) }.map { IndexSources.place(of: $0.id) })
        guard !places.isEmpty else { return }
        let list = Array(places)
        for shard in shards { shard.state.withLock { $0.invalidate(list) } }
    }

    /// Forgets everything: changes may have been missed.
    package func forgetEverything() {
        apis.forget(nil)
        for shard in shards { shard.state.withLock { $0.invalidateEverything() } }
    }

    /// How many records are kept, and how many hashes as unknown.
    package var size: (known: Int, unknown: Int) {
        shards.reduce((0, 0)) { sum, shard in
            shard.state.withLock { (sum.0 + $0.count, sum.1 + $0.unknownCount) }
        }
    }

    /// Whether loads are carried out by ``run()``; if not, whoever asks does it by itself.
    package var isServing: Bool { loads.isServing }

    /// How many wait for a load now.
    package var waiting: Int { loads.waiting }

    /// Carries loads out, so that nobody who waits for one is kept beyond its deadline.
    package func run() async throws {
        await cancelWhenGracefulShutdown { await self.loads.run() }
    }

    private func shard(_ hash: TokenHash) -> Shard { shards[hash.place(below: shards.count)] }

    /// What records are made from, as the change log calls it.
    static let kinds: Set<String> = [
        "api_token", "user", "membership", "service_account", "organization", "policy", "registered_scope",
        "custom_role", "plan",
    ]
}
