/// How soon the old token dies when the new one is promoted.
///
/// In the order of urgency: `graceful` leaves a grace, `immediate` none, `force` kills it at the request.
package enum RotationMode: String, CaseIterable, Sendable, Comparable {
    case graceful, immediate, force

    package static func < (left: RotationMode, right: RotationMode) -> Bool { left.urgency < right.urgency }

    private var urgency: Int {
        switch self {
        case .graceful: 0
        case .immediate: 1
        case .force: 2
        }
    }
}

/// The states of a rotation and the legal moves from each (ROT-1).
///
/// - ``requested``: waits, without deadline, for a channel opened with the current token. → ``issued``, ``cancelled``.
/// - ``issued``: a pending token exists. → ``delivered``, ``stored``, ``promoted``; → ``issued`` with the next attempt;
///   → ``requested`` by pause; → ``cancelled``, ``failed``, ``expired``.
/// - ``delivered``: the frame went out. The same moves as ``issued``.
/// - ``stored``: the agent has the token durably. The same moves, but a late failure of the agent counts no more.
/// - ``promoted``, ``cancelled``, ``failed``, ``expired``: over for ever.
package enum RotationState: String, CaseIterable, Sendable {
    case requested, issued, delivered, stored, promoted, cancelled, failed, expired

    package var isRunning: Bool {
        switch self {
        case .requested, .issued, .delivered, .stored: true
        case .promoted, .cancelled, .failed, .expired: false
        }
    }

    /// Whether a pending token belongs to it.
    package var hasPendingToken: Bool { isRunning && self != .requested }
}

/// Why a rotation was begun.
package enum RotationOrigin: String, CaseIterable, Sendable {
    /// A person or client asked for it.
    case `operator`
    /// The current token draws near its expiry, or an earlier rotation failed.
    case scheduler
    /// The agent came back with an expired or superseded token.
    case renewal
}

/// One rotation of one credential, from request to end.
package struct Rotation: Hashable, Sendable, Identifiable {
    package let id: RotationID
    package let credentialID: CredentialID
    package let agentID: AgentID
    package let organizationID: OrganizationID
    package let workspaceID: WorkspaceID
    package var mode: RotationMode
    package var state: RotationState
    package let origin: RotationOrigin
    package var reason: String?
    package let requestedBy: Actor
    /// How many tokens were issued for it.
    package var attempt: Int
    package let requestedAt: Instant
    package var issuedAt: Instant?
    package var deliveredAt: Instant?
    package var storedAt: Instant?
    package var promotedAt: Instant?
    /// When it reached its last state.
    package var endedAt: Instant?
    /// When the pending token, and with it the rotation, expires; absent while requested.
    package var deadline: Instant?
    /// What the agent or the server said when it failed.
    package var error: String?
    /// Grows with every change; the value of a compare-and-swap.
    package var version: Int64

    package init(
        id: RotationID,
        credentialID: CredentialID,
        agentID: AgentID,
        organizationID: OrganizationID,
        workspaceID: WorkspaceID,
        mode: RotationMode,
        state: RotationState = .requested,
        origin: RotationOrigin,
        reason: String? = nil,
        requestedBy: Actor,
        attempt: Int = 0,
        requestedAt: Instant,
        issuedAt: Instant? = nil,
        deliveredAt: Instant? = nil,
        storedAt: Instant? = nil,
        promotedAt: Instant? = nil,
        endedAt: Instant? = nil,
        deadline: Instant? = nil,
        error: String? = nil,
        version: Int64 = 1
    ) {
        self.id = id
        self.credentialID = credentialID
        self.agentID = agentID
        self.organizationID = organizationID
        self.workspaceID = workspaceID
        self.mode = mode
        self.state = state
        self.origin = origin
        self.reason = reason
        self.requestedBy = requestedBy
        self.attempt = attempt
        self.requestedAt = requestedAt
        self.issuedAt = issuedAt
        self.deliveredAt = deliveredAt
        self.storedAt = storedAt
        self.promotedAt = promotedAt
        self.endedAt = endedAt
        self.deadline = deadline
        self.error = error
        self.version = version
    }
}

/// The settings that rotation goes by, read once for each event.
package struct RotationPolicy: Hashable, Sendable {
    /// The life of an agent token.
    package var period: Duration
    /// How long the previous token works after a promotion.
    package var grace: Duration
    /// How long past its expiry a token may still open a renew-only channel.
    package var offlineAllowance: Duration
    package var acknowledgementTimeout: Duration
    package var checkInterval: Duration

    package init(
        period: Duration = .days(7),
        grace: Duration = .minutes(5),
        offlineAllowance: Duration = .days(30),
        acknowledgementTimeout: Duration = .seconds(30),
        checkInterval: Duration = .seconds(3600)
    ) {
        self.period = period
        self.grace = grace
        self.offlineAllowance = offlineAllowance
        self.acknowledgementTimeout = acknowledgementTimeout
        self.checkInterval = checkInterval
    }

    /// How long before a token's expiry the scheduler rotates it (ROT-9).
    package var lead: Duration {
        min(period / 2, max(checkInterval * 2, period / 10))
    }
}
