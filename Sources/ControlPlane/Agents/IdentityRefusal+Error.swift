internal import Domain
internal import StrictJSON

extension ControlPlaneError {
    /// An event that is not legal in the identity's state (AGT-3): 409 with the current state.
    init(_ refusal: IdentityRefusal) {
        let state = refusal.state.rawValue
        guard !refusal.isDeleted else {
            self = .notFound("agent")
            return
        }
        let code: Code =
            switch (refusal.event, refusal.state) {
            case (.regenerate, _): .agentNotPending
            case (_, .pending): .agentPending
            case (_, .paused): .agentPaused
            case (_, .revoked): .agentRevoked
            case (_, .active): .illegalTransition
            }
        self.init(
            code,
            "This is not possible while the agent is \(state).",
            details: ["current_state": .string(state)]
        )
    }

    /// Why a rotation doesn't begin.
    init(_ refusal: RotationRefusal) {
        switch refusal {
        case .revoked:
            self.init(.agentRevoked, "The agent has no credential to rotate; reset it.")
        case .confirmationRequired:
            self.init(
                .confirmationRequired,
                "A forced rotation kills the old token at once and may strand the agent; confirm it."
            )
        case .notConnected(let forced):
            let advice = forced ? " A forced rotation would strand it; reset it instead." : ""
            self.init(.agentNotConnected, "The agent is not connected." + advice)
        case .inProgress(let id):
            self.init(
                .rotationInProgress,
                "A rotation of this agent is running.",
                details: ["rotation_id": .string(id.text)]
            )
        case .previousInGrace(let until):
            self.init(
                .previousTokenInGrace,
                "The token before the current one still works; end its grace or wait.",
                details: ["until": .string(until.rfc3339)]
            )
        case .contention:
            self.init(
                .illegalTransition,
                "Two machines use this agent's credential, so it is not rotated. Reset the agent, or resume it once "
                    + "only one machine is left.",
                details: ["cause": "ChannelContention"]
            )
        }
    }

    /// Why a token of an agent opens nothing.
    init(_ refusal: TokenRefusal) {
        switch refusal {
        case .invalid: self.init(.invalidToken, "The token is not valid.")
        case .expired: self.init(.expiredToken, "The token is past its expiry and the offline allowance.")
        case .rotatedOut: self.init(.rotatedOutToken, "The token was replaced by a newer one.")
        case .revoked: self.init(.revokedToken, "The token was revoked.")
        case .paused: self.init(.suspendedToken, "The agent is paused.")
        }
    }
}
