package import Domain

/// Rotations as operators see them: ask for one, look at it, cancel it, end a grace.
package struct RotationService: Sendable {
    private let context: ControlPlaneContext
    private let channels: ChannelService

    package init(context: ControlPlaneContext, channels: ChannelService) {
        self.context = context
        self.channels = channels
    }

    package func rotate(
        _ agentID: AgentID,
        request: RotationRequest,
        caller: Caller
    ) async throws(ControlPlaneError) -> RotationReceipt {
        throw ControlPlaneError(.unavailable, "The server can't do this now; try again.")
    }

    /// The running rotation, or the latest that ended; `NoRotation` if there never was one.
    package func current(_ agentID: AgentID, caller: Caller) async throws(ControlPlaneError) -> Rotation {
        throw ControlPlaneError(.unavailable, "The server can't do this now; try again.")
    }

    package func cancel(_ agentID: AgentID, caller: Caller) async throws(ControlPlaneError) -> Rotation {
        throw ControlPlaneError(.unavailable, "The server can't do this now; try again.")
    }

    /// Ends the previous token's grace; nothing happens if there is none.
    package func endGrace(_ agentID: AgentID, caller: Caller) async throws(ControlPlaneError) -> AgentView {
        throw ControlPlaneError(.unavailable, "The server can't do this now; try again.")
    }
}
