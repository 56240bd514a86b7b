import NIOCore
import NIOPosix

/// Writes the state on a thread of its own, so that no event loop and no task waits for the disk.
///
/// A write that has begun is carried through, whatever happens to the caller.
struct StateKeeper: Sendable {
    let directory: StateDirectory
    let pool: NIOThreadPool
    let eventLoop: any EventLoop

    /// Replaces the stored state; returns when it is durable.
    func write(_ state: AgentState) async throws(AgentError) {
        try await perform { directory throws(AgentError) in try directory.write(state) }
    }

    /// Takes every secret off the disk; if the disk can't take the last note, the file goes altogether.
    func erase(_ state: AgentState) async throws(AgentError) {
        try await perform { directory throws(AgentError) in
            do {
                try directory.write(state)
            } catch {
                try directory.remove()
            }
        }
    }

    private func perform(
        _ body: @escaping @Sendable (StateDirectory) throws(AgentError) -> Void
    ) async throws(AgentError) {
        let directory = directory
        do {
            try await pool.runIfActive(eventLoop: eventLoop) { try body(directory) }.get()
        } catch let error as AgentError {
            throw error
        } catch {
            throw AgentError(.stateNotWritten, "The state could not be written.", cause: error)
        }
    }
}
