package import Domain
internal import Store
internal import Synchronization

/// One open channel of one agent; made when the channel opens and handed back with each call.
///
/// It is small, for there are 10,000 of them: the plaintext of a token in flight lives here and nowhere else.
package final class ChannelSession: Sendable {
    /// Which token the channel stands on.
    enum Slot: Sendable {
        case current
        /// The previous token within its grace: no rotation, no keys, no executions.
        case previous
    }

    /// A token that was sent and not yet proven.
    struct InFlight: Sendable {
        let command: RotateCommand
        let sentAt: Instant
        var storedAt: Instant?
        var isResent = false
        var deadline: Instant
        /// What the rotation's row says of it.
        var recorded = RotationState.issued

        /// What the row should say.
        var progress: RotationState { storedAt == nil ? .delivered : .stored }
    }

    struct State: Sendable {
        var slot = Slot.current
        var mode = ChannelMode.full
        var generation: Int64 = 0
        /// The credential's version the channel was opened at, or last changed by it.
        var version: Int64 = 0
        /// Which of the agent's channels it is; `nil` until the transaction that opens it has committed.
        var place: ChannelPlace?
        /// When the channel has to be looked at again: its token expires, its allowance or its grace ends.
        var reviewAt: Instant?
        var inFlight: InFlight?
        /// The connection may get frames: the hello was answered.
        var isReady = false
        var wantsIssue = false
        var refusedProofs = 0
        /// A proof is in its transaction: the row may be ahead of what this channel knows of itself.
        var isProving = false
        /// A token is being issued for this channel.
        var isIssuing = false
        /// News came while one of the two was going on, or the channel opened: it has to be looked at afterwards.
        var mustLookAgain = false
        var lastHeard: Instant
        /// Set once; no frame is sent afterwards.
        var closeReason: ChannelCloseReason?
        var isGone = false

        mutating func proofIsOver(now: Instant) {
            isProving = false
            lookAgain(now: now)
        }

        mutating func issueIsOver(now: Instant) {
            isIssuing = false
            lookAgain(now: now)
        }

        /// What was passed over meanwhile is looked at by the next turn.
        mutating func lookAgain(now: Instant) {
            guard mustLookAgain, !isProving, !isIssuing else { return }
            mustLookAgain = false
            reviewAt = now
        }
    }

    package let agentID: AgentID
    package let credentialID: CredentialID
    let organizationID: OrganizationID
    let workspaceID: WorkspaceID
    let address: String?
    let requestID: String
    /// What tells one machine from another.
    let peer: String
    let connection: any AgentConnection
    private let state: Mutex<State>

    init(ticket: ChannelTicket, hello: ChannelHello, connection: any AgentConnection, now: Instant) {
        agentID = ticket.agentID
        credentialID = ticket.credentialID
        organizationID = ticket.organizationID
        workspaceID = ticket.workspaceID
        address = ticket.address
        requestID = ticket.requestID
        peer = [ticket.address, hello.statement.hostname, hello.statement.instanceID].map { $0 ?? "" }
            .joined(separator: "|")
        self.connection = connection
        state = Mutex(State(lastHeard: now))
    }

    func withState<T: Sendable>(_ body: (inout State) -> T) -> T {
        state.withLock { body(&$0) }
    }

    /// Closes the connection once; later reasons change nothing.
    func close(_ reason: ChannelCloseReason) {
        let isFirst = state.withLock { state in
            guard state.closeReason == nil else { return false }
            state.closeReason = reason
            state.inFlight = nil
            return true
        }
        if isFirst { connection.close(reason) }
    }

    /// Sends unless the channel is closing.
    func send(_ command: ChannelCommand) {
        guard state.withLock({ $0.closeReason == nil && !$0.isGone }) else { return }
        connection.send(command)
    }

    /// Whether a token may be issued on this channel now.
    var canIssue: Bool {
        state.withLock { $0.isReady && $0.slot == .current && $0.closeReason == nil && !$0.isGone }
    }

    /// Whether a token is to be issued now; the one who is told yes says when it is done.
    func beginIssue() -> Bool {
        state.withLock { state in
            guard !state.isIssuing, state.inFlight == nil else { return false }
            state.isIssuing = true
            return true
        }
    }

    package var mode: ChannelMode { state.withLock { $0.mode } }
}
