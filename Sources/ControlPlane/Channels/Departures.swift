internal import Domain
internal import SQLDatabase
internal import Store
internal import Synchronization

/// The channels that closed and whose agents are not yet said to be away; written in batches.
final class Departures: Sendable {
    struct Departure: Sendable {
        let place: ChannelPlace
        let lastHeard: Instant
        let event: AgentEvent

        /// An agent that has a newer channel by now is not away.
        func write(in tx: borrowing Transaction) throws {
            let agent = event.agentID
            guard try PresenceStore.closed(agent, place, lastSeenAt: lastHeard, now: event.time, in: tx) else { return }
            try AgentEventStore.append(event, in: tx)
        }
    }

    private let waiting = Mutex<[Departure]>([])

    func add(_ departure: Departure) {
        waiting.withLock { $0.append(departure) }
    }

    func take() -> [Departure] {
        waiting.withLock { waiting in
            defer { waiting = [] }
            return waiting
        }
    }

    /// Puts a batch that couldn't be written back in front of what came since.
    func giveBack(_ older: [Departure]) {
        waiting.withLock { $0 = Array((older + $0).suffix(100_000)) }
    }
}
