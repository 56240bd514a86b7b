internal import Domain
internal import SQLDatabase
internal import Store
internal import Synchronization

/// The protected APIs that this node knows, by the same rules as the credential index: bounded, forgotten when they
/// change, trusted for a while and only while the change log is followed.
final class ProtectedAPIIndex: Sendable {
    private struct Entry: Sendable {
        /// Absent if there is none of this id.
        let api: ProtectedAPI?
        let loadedAt: ContinuousClock.Instant
    }

    private struct State {
        var entries: [ProtectedAPIID: Entry] = [:]
        var invalidations: UInt64 = 0
    }

    /// APIs that are remembered at most; behind that all are forgotten.
    private static let bound = 4096

    private let state = Mutex(State())

    func find(_ id: ProtectedAPIID, in context: ControlPlaneContext) async throws(ControlPlaneError) -> ProtectedAPI? {
        let follower = context.credentials.follower
        let (now, isTrusted) = (ContinuousClock.now, follower.isFresh(within: CredentialIndex.staleness))
        let (known, noted) = state.withLock { ($0.entries[id], $0.invalidations) }
        if isTrusted, let known, now - known.loadedAt < IndexShard.life { return known.api }
        let found = try await context.read { tx in try ProtectedAPIStore.get(id, in: tx) }
        guard isTrusted, follower.isFresh(within: CredentialIndex.staleness) else { return found }
        state.withLock { state in
            guard state.invalidations == noted else { return }
            if state.entries.count >= Self.bound { state.entries = [:] }
            state.entries[id] = Entry(api: found, loadedAt: now)
        }
        return found
    }

    /// Forgets an API, or all of them.
    func forget(_ id: ProtectedAPIID?) {
        state.withLock { state in
            state.invalidations += 1
            if let id { state.entries[id] = nil } else { state.entries = [:] }
        }
    }

    var count: Int { state.withLock { $0.entries.count } }
}
