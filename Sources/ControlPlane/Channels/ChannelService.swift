package import Domain

/// The agents' channels: who may open one, what arrives on it, and who is connected.
package final class ChannelService: Sendable {
    private let context: ControlPlaneContext

    package init(context: ControlPlaneContext) {
        self.context = context
    }

    /// Checks the token of an upgrade, before it is answered.
    package func admit(
        token: String,
        address: String?,
        requestID: String
    ) async throws(ControlPlaneError) -> ChannelTicket {
        throw ControlPlaneError(.unavailable, "The server can't do this now; try again.")
    }

    /// Opens the channel for an agent that has proven its key.
    ///
    /// The connection counts as live when this returns.
    package func open(
        _ ticket: ChannelTicket,
        hello: ChannelHello,
        connection: any AgentConnection
    ) async throws(ControlPlaneError) -> (session: ChannelSession, result: HelloResult) {
        throw ControlPlaneError(.unavailable, "The server can't do this now; try again.")
    }

    /// To be called once the answer to the hello has been written: what waits for the agent is sent from now on.
    package func opened(_ session: ChannelSession) {}

    /// The agent proves a token; answers the credential's generation.
    ///
    /// The first proof of a pending token promotes it.
    package func authenticate(_ session: ChannelSession, token: String) async throws(ControlPlaneError) -> Int64 {
        throw ControlPlaneError(.unavailable, "The server can't do this now; try again.")
    }

    /// The agent answered `agent.rotate_token`.
    package func rotationAnswered(
        _ session: ChannelSession,
        rotationID: RotationID,
        attempt: Int,
        answer: RotationAnswer
    ) async {}

    /// `agent.rotation_complete`: a second witness, not the proof.
    package func rotationComplete(_ session: ChannelSession, rotationID: RotationID, attempt: Int) async {}

    /// `agent.rotation_failed`: counts for the same attempt before the token was stored.
    package func rotationFailed(
        _ session: ChannelSession,
        rotationID: RotationID,
        attempt: Int,
        error: String
    ) async {}

    /// `agent.heartbeat`, a pong or any frame: the agent is there.
    package func heartbeat(_ session: ChannelSession) {}

    /// The connection is gone, whoever closed it.
    package func closed(_ session: ChannelSession) {}

    /// How many channels are live on this node.
    package var liveCount: Int { 0 }

    /// Closes every channel for a shutdown.
    package func closeAll(_ reason: ChannelCloseReason) {}
}
