internal import Domain
internal import Synchronization

/// What is written about channels in batches: who came and went, and how far rotations got.
final class PresenceBatch: Sendable {
    struct Contents: Sendable {
        var presences: [AgentID: AgentPresence] = [:]
        var events: [AgentEvent] = []

        var isEmpty: Bool { presences.isEmpty && events.isEmpty }
    }

    private let contents = Mutex(Contents())

    func add(_ presence: AgentPresence, _ event: AgentEvent) {
        contents.withLock { contents in
            contents.presences[presence.agentID] = presence
            contents.events.append(event)
        }
    }

    func take() -> Contents {
        contents.withLock { contents in
            let taken = contents
            contents = Contents()
            return taken
        }
    }

    /// Puts a batch that couldn't be written back in front of what came since.
    func giveBack(_ older: Contents) {
        contents.withLock { contents in
            contents.events = Array((older.events + contents.events).suffix(100_000))
            contents.presences.merge(older.presences) { newer, _ in newer }
        }
    }
}
