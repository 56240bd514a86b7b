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
    private let apis = Mutex(ProtectedAPIShelf())
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
        by load: @escaping @Sendable () async throws(ControlPlaneError) -> IndexedToken?
    ) async throws(ControlPlaneError) -> IndexedToken? {
        let found = try await find(hash) { () throws(ControlPlaneError) -> IndexFinding in
            try await load().map { .token($0) } ?? .nothing
        }
        guard case .token(let token) = found else { return nil }
        return token
    }

    /// The same for a text that may be a session's or an agent's.
    ///
    /// `isWatched`: whether the change log tells of every change of what may be found; what it doesn't tell of is neither
    /// kept nor shared with others who ask.
    func find(
        _ hash: TokenHash,
        isWatched: Bool = true,
        by load: @escaping IndexLoads.Load
    ) async throws(ControlPlaneError) -> IndexFinding {
        let (shard, begun) = (shard(hash), ContinuousClock.now)
        let noted = shard.state.withLock { $0.invalidations }
        return try await run(.token(hash), noted: noted, isWatched: isWatched, load) { found in
            guard isWatched else { return false }
            return shard.state.withLock { state in
                switch found {
                case .nothing: state.keep(nil, for: hash, loadedAt: begun, noted: noted)
                case .token(let token): state.keep(token, for: hash, loadedAt: begun, noted: noted)
                case .session, .api: false
                }
            }
        }
    }

    /// What a session is worth in an organization: asked each time, and never kept.
    func worth(
        of session: TokenHash,
        in organization: OrganizationID,
        by load: @escaping IndexLoads.Load
    ) async throws(ControlPlaneError) -> IndexedToken? {
        let noted = shard(session).state.withLock { $0.invalidations }
        let found = try await run(.session(session, organization), noted: noted, isWatched: false, load) { _ in false }
        guard case .token(let token) = found else { return nil }
        return token
    }

    /// What is known of an API.
    package func find(_ id: ProtectedAPIID) -> ProtectedAPIShelf.Answer {
        guard follower.isFresh(within: Self.staleness) else { return .absent }
        return apis.withLock { $0.find(id, at: .now) }
    }

    /// Asks the store for an API by `load`, under the same bounds as for a token.
    package func load(
        _ id: ProtectedAPIID,
        by load: @escaping @Sendable () async throws(ControlPlaneError) -> IndexedAPI?
    ) async throws(ControlPlaneError) -> IndexedAPI? {
        let begun = ContinuousClock.now
        let noted = apis.withLock { $0.invalidations }
        let look: IndexLoads.Load = { () throws(ControlPlaneError) -> IndexFinding in
            try await load().map { .api($0) } ?? .nothing
        }
        let found = try await run(.api(id), noted: noted, look) { [self] found in
            let api: IndexedAPI? = if case .api(let api) = found { api } else { nil }
            return apis.withLock { $0.keep(api, for: id, loadedAt: begun, noted: noted) }
        }
        guard case .api(let api) = found else { return nil }
        return api
    }

    /// Carries a load out, and has its finding kept if the change log was followed all the while.
    private func run(
        _ subject: IndexSubject,
        noted: UInt64,
        isWatched: Bool = true,
        _ load: @escaping IndexLoads.Load,
        keeping keep: @escaping @Sendable (IndexFinding) -> Bool
    ) async throws(ControlPlaneError) -> IndexFinding {
        let isTrusted = follower.isFresh(within: Self.staleness)
        return try await loads.run(subject, noted: noted, isShared: isTrusted && isWatched) {
            [follower] () throws(ControlPlaneError) -> IndexFinding in
            let found = try await load()
            if isTrusted, follower.isFresh(within: Self.staleness) { _ = keep(found) }
            return found
        }
    }

    /// Forgets what these changes concern.
    package func honour(_ changes: [Change]) {
        let changed = changes.filter { $0.kind == "protected_api" }.compactMap { ProtectedAPIID($0.id) }
        if !changed.isEmpty { apis.withLock { $0.invalidate(changed) } }
        let places = Set(changes.lazy.filter { Self.kinds.contains($0.kind) }.map { IndexSources.place(of: $0.id) })
        guard !places.isEmpty else { return }
        let list = Array(places)
        for shard in shards { shard.state.withLock { $0.invalidate(list) } }
    }

    /// Forgets everything: changes may have been missed.
    package func forgetEverything() {
        apis.withLock { $0.invalidateEverything() }
        for shard in shards { shard.state.withLock { $0.invalidateEverything() } }
    }

    /// How many records are kept, and how many hashes as unknown.
    package var size: (known: Int, unknown: Int) {
        shards.reduce((0, 0)) { sum, shard in
            shard.state.withLock { (sum.0 + $0.count, sum.1 + $0.unknownCount) }
        }
    }

    /// How many protected APIs are kept, and how many ids as nobody's.
    package var apiSize: (known: Int, unknown: Int) { apis.withLock { ($0.count, $0.unknownCount) } }

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
