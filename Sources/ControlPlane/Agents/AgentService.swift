package import Domain

/// Agents as operators and daemons see them: every operation authorises, changes and audits in one transaction.
package struct AgentService: Sendable {
    private let context: ControlPlaneContext
    private let channels: ChannelService

    package init(context: ControlPlaneContext, channels: ChannelService) {
        self.context = context
        self.channels = channels
    }

    package func create(_ draft: AgentDraft, caller: Caller) async throws(ControlPlaneError) -> InstallTokenGrant {
        throw ControlPlaneError(.unavailable, "The server can't do this now; try again.")
    }

    package func get(_ id: AgentID, caller: Caller) async throws(ControlPlaneError) -> AgentView {
        throw ControlPlaneError(.unavailable, "The server can't do this now; try again.")
    }

    package func list(_ query: AgentQuery, caller: Caller) async throws(ControlPlaneError) -> Page<AgentView> {
        throw ControlPlaneError(.unavailable, "The server can't do this now; try again.")
    }

    package func replace(
        _ id: AgentID,
        with draft: AgentDraft,
        caller: Caller
    ) async throws(ControlPlaneError) -> AgentView {
        throw ControlPlaneError(.unavailable, "The server can't do this now; try again.")
    }

    package func update(
        _ id: AgentID,
        _ change: AgentPatch,
        caller: Caller
    ) async throws(ControlPlaneError) -> AgentView {
        throw ControlPlaneError(.unavailable, "The server can't do this now; try again.")
    }

    package func delete(_ id: AgentID, caller: Caller) async throws(ControlPlaneError) {
        throw ControlPlaneError(.unavailable, "The server can't do this now; try again.")
    }

    package func events(
        _ id: AgentID,
        _ query: AgentEventQuery,
        caller: Caller
    ) async throws(ControlPlaneError) -> Page<AgentEvent> {
        throw ControlPlaneError(.unavailable, "The server can't do this now; try again.")
    }

    package func regenerateInstallToken(
        _ id: AgentID,
        caller: Caller
    ) async throws(ControlPlaneError) -> InstallTokenGrant {
        throw ControlPlaneError(.unavailable, "The server can't do this now; try again.")
    }

    package func reset(
        _ id: AgentID,
        reason: String?,
        caller: Caller
    ) async throws(ControlPlaneError) -> InstallTokenGrant {
        throw ControlPlaneError(.unavailable, "The server can't do this now; try again.")
    }

    package func pause(_ id: AgentID, reason: String?, caller: Caller) async throws(ControlPlaneError) -> AgentView {
        throw ControlPlaneError(.unavailable, "The server can't do this now; try again.")
    }

    package func resume(_ id: AgentID, caller: Caller) async throws(ControlPlaneError) -> AgentView {
        throw ControlPlaneError(.unavailable, "The server can't do this now; try again.")
    }

    package func revoke(
        _ id: AgentID,
        reason: String?,
        caller: Caller
    ) async throws(ControlPlaneError) -> RevocationReceipt {
        throw ControlPlaneError(.unavailable, "The server can't do this now; try again.")
    }

    /// Exchanges an install token for an agent token; the caller is whoever holds the install token.
    package func enroll(
        _ request: EnrolmentRequest,
        caller: Caller
    ) async throws(ControlPlaneError) -> EnrolmentGrant {
        throw ControlPlaneError(.unavailable, "The server can't do this now; try again.")
    }
}
