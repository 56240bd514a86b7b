internal import Domain
internal import Synchronization

/// Requests that wait for what their rotation comes to (ROT-15).
final class RotationWaiters: Sendable {
    /// What a waiting request hears.
    enum News: Sendable, Hashable {
        case stored, promoted
        case failed(String)
        /// Nothing will come soon: paused, cancelled or expired.
        case over
    }

    private typealias Continuation = AsyncStream<News>.Continuation

    private struct State {
        var waiting: [RotationID: [Int: Continuation]] = [:]
        var agents: [RotationID: AgentID] = [:]
        var next = 0
    }

    private let state = Mutex(State())

    /// Waits for news that came after `begin` returned; `nil` when the time is over.
    struct Wait: Sendable {
        fileprivate let stream: AsyncStream<News>
        fileprivate let end: @Sendable () -> Void

        func news(within limit: Duration) async -> News? {
            await withTaskGroup(of: News?.self) { group in
                group.addTask {
                    for await news in stream { return news }
                    return nil
                }
                group.addTask {
                    try? await Task.sleep(for: limit)
                    return nil
                }
                let first = await group.next() ?? nil
                group.cancelAll()
                end()
                return first
            }
        }
    }

    func begin(_ id: RotationID, of agent: AgentID) -> Wait {
        let (stream, continuation) = AsyncStream.makeStream(of: News.self, bufferingPolicy: .bufferingOldest(1))
        let place = state.withLock { state in
            state.next += 1
            state.waiting[id, default: [:]][state.next] = continuation
            state.agents[id] = agent
            return state.next
        }
        return Wait(stream: stream) { [self] in end(id, place) }
    }

    private func end(_ id: RotationID, _ place: Int) {
        let continuation = state.withLock { state in
            let continuation = state.waiting[id]?.removeValue(forKey: place)
            if state.waiting[id]?.isEmpty == true {
                state.waiting[id] = nil
                state.agents[id] = nil
            }
            return continuation
        }
        continuation?.finish()
    }

    /// The rotations that somebody waits for, of these agents or of all.
    func awaited(of agents: Set<AgentID>?) -> [RotationID] {
        state.withLock { state in
            state.agents.filter { agents?.contains($0.value) ?? true }.map(\.key)
        }
    }

    func tell(_ id: RotationID, _ news: News) {
        let continuations = state.withLock { $0.waiting[id].map { Array($0.values) } ?? [] }
        for continuation in continuations { continuation.yield(news) }
    }
}
