internal import Domain
internal import Synchronization

/// The channels that wait for a token, in the order they came; each at most once.
final class IssueQueue: Sendable {
    private struct State {
        var waiting: [ChannelSession] = []
        var members: Set<ObjectIdentifier> = []
        var isFinished = false
    }

    private let state = Mutex(State())
    private let continuation: AsyncStream<Void>.Continuation
    /// Fires when something was added.
    let wakes: AsyncStream<Void>

    init() {
        (wakes, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    }

    func add(_ session: ChannelSession) {
        let isNew = state.withLock { state in
            guard state.members.insert(ObjectIdentifier(session)).inserted else { return false }
            state.waiting.append(session)
            return true
        }
        if isNew { continuation.yield() }
    }

    /// Takes up to this many.
    func take(_ count: Int) -> [ChannelSession] {
        state.withLock { state in
            let taken = Array(state.waiting.prefix(count))
            state.waiting.removeFirst(taken.count)
            for session in taken { state.members.remove(ObjectIdentifier(session)) }
            return taken
        }
    }

    var isEmpty: Bool { state.withLock { $0.waiting.isEmpty } }

    /// The server stops: nothing is issued any more.
    func finish() {
        state.withLock { $0.isFinished = true }
        continuation.finish()
    }

    var isFinished: Bool { state.withLock { $0.isFinished } }
}

/// A token bucket: `rotation_rate_per_second` with a burst of a tenth of a second.
struct RotationPace: Sendable {
    private var credit: Double
    private var last: ContinuousClock.Instant

    init(now: ContinuousClock.Instant) {
        credit = 1
        last = now
    }

    /// How many may be issued now.
    mutating func take(rate: Int, now: ContinuousClock.Instant) -> Int {
        let seconds = (now - last) / .seconds(1)
        last = now
        credit = min(max(1, Double(rate) / 10), credit + seconds * Double(rate))
        let whole = Int(credit)
        credit -= Double(whole)
        return whole
    }

    /// What was taken and not used.
    mutating func giveBack(_ count: Int) { credit += Double(count) }
}
