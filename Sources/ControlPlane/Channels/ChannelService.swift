package import Domain
internal import Logging
internal import SQLDatabase
internal import Store

/// The agents' channels: who may open one, what arrives on it, and who is connected.
///
/// Effects on connections come after the commit of what caused them. No channel has a task or a timer of its own:
/// ``RotationDispatcher`` issues, watches deadlines and writes batches for all of them.
package final class ChannelService: Sendable {
    let context: ControlPlaneContext
    let settings: @Sendable () -> OrganizationSettings
    let registry = ChannelRegistry()
    let issues = IssueQueue()
    let waiters = RotationWaiters()
    let departures = Departures()

    private let denials: DenialRecorder?
    private let retiredUses = OncePerMinute<RetiredUse>()
    /// Failed proofs that were written into an agent's history lately.
    let failedProofs = OncePerMinute<CredentialID>()
    /// Uses of spent install tokens that were written into an agent's history lately.
    let enrolmentRefusals = OncePerMinute<CredentialID>()

    /// The service of one node; `settings` answers those in force now, `denials` counts refused upgrades.
    package init(
        context: ControlPlaneContext,
        settings: @escaping @Sendable () -> OrganizationSettings,
        denials: DenialRecorder? = nil
    ) {
        self.context = context
        self.settings = settings
        self.denials = denials
    }

    /// What the agents of an organization go by now; the server's values for what belongs to none.
    func policy(of organization: OrganizationID?) -> RotationPolicy { settings().of(organization).rotationPolicy }

    /// Checks the token of an upgrade, before it is answered.
    package func admit(
        token: String,
        address: String?,
        requestID: String
    ) async throws(ControlPlaneError) -> ChannelTicket {
        let parsed = try counted(address: address, requestID: requestID) { () throws(ControlPlaneError) in
            let parsed = try Self.parse(token)
            try context.lookups.check(context.hasher.hash(parsed).hash, address: address, at: context.now())
            return parsed
        }
        let candidates = context.hasher.candidates(parsed)
        let settings = settings()
        let now = context.now()
        let outcome = try await context.read { tx -> Result<ChannelTicket, Refused> in
            guard let found = try TokenFinder.find(candidates, in: tx), found.credential.kind == .agent,
                let agent = try AgentStore.get(found.credential.agentID, includingDeleted: true, in: tx)
            else { return .failure(Refused(refusal: .invalid)) }
            do throws(TokenRefusal) {
                let admission = try found.credential.admission(
                    of: found.fit,
                    identity: agent.deletedAt == nil ? agent.state : .revoked,
                    policy: settings.of(agent.organizationID).rotationPolicy,
                    now: now
                )
                return .success(
                    ChannelTicket(
                        agentID: agent.id,
                        credentialID: found.credential.id,
                        organizationID: agent.organizationID,
                        workspaceID: agent.workspaceID,
                        token: parsed,
                        address: address,
                        requestID: requestID,
                        mode: admission.mode,
                        publicKey: agent.publicKey ?? []
                    )
                )
            } catch {
                return .failure(Refused(refusal: error, found: found, agent: agent))
            }
        }
        switch outcome {
        case .success(let ticket):
            context.lookups.note(isKnown: true, candidates[0].hash, address: address, at: now)
            return ticket
        case .failure(let refused):
            let isKnown = refused.found != nil
            context.lookups.note(isKnown: isKnown, candidates[0].hash, address: address, at: now)
            try await note(refused, address: address, requestID: requestID)
            throw ControlPlaneError(refused.refusal)
        }
    }

    /// Counts a token that is refused before anybody is looked for (AUD-1).
    private func counted<T>(
        address: String?,
        requestID: String,
        _ body: () throws(ControlPlaneError) -> T
    ) throws(ControlPlaneError) -> T {
        do {
            return try body()
        } catch {
            let stranger = Caller.anonymous(address: address, userAgent: nil, requestID: requestID, surface: .channel)
            denials?.record(action: "channel.open", code: error.code, caller: stranger)
            throw error
        }
    }

    /// Counts a refusal of the hot path (AUD-1).
    func count(_ refused: Refused, action: String, address: String?, requestID: String) {
        let error = ControlPlaneError(refused.refusal)
        let caller = refused.agent.map {
            Caller.agent($0, credential: refused.found?.credential, address: address, requestID: requestID)
        }
        let stranger = Caller.anonymous(address: address, userAgent: nil, requestID: requestID, surface: .channel)
        count(error.code, of: caller ?? stranger, action: action)
    }

    /// Counts a refusal of the hot path whose caller is known.
    func count(_ code: ControlPlaneError.Code, of caller: Caller, action: String) {
        denials?.record(action: action, code: code, caller: caller)
    }

    /// Uses of retired tokens that are told apart: an expected one must not hide a thief's.
    private struct RetiredUse: Hashable {
        let credentialID: CredentialID
        let isTheftSign: Bool
    }

    /// A token that opens nothing, with whom it belongs to if that is known.
    struct Refused: Error, Sendable {
        let refusal: TokenRefusal
        var found: TokenFinder.Found?
        var agent: Agent?
    }

    static func parse(_ text: String) throws(ControlPlaneError) -> Token {
        let token: Token
        do throws(TokenFormatError) {
            token = try Token(parsing: text)
        } catch {
            throw ControlPlaneError(.invalidToken, "The token is not valid.")
        }
        guard token.kind == .agent else {
            throw ControlPlaneError(.wrongCredentialKind, "Only an agent token opens the channel.")
        }
        return token
    }

    /// Counts the use of a retired token; the first one of a credential is an event and an alert (ROT-11).
    func note(_ refused: Refused, address: String?, requestID: String) async throws(ControlPlaneError) {
        count(refused, action: "channel.open", address: address, requestID: requestID)
        guard case .rotatedOut(let isTheftSign) = refused.refusal, let found = refused.found, let agent = refused.agent
        else { return }
        let now = context.now()
        let use = RetiredUse(credentialID: found.credential.id, isTheftSign: isTheftSign)
        guard retiredUses.isDue(use, at: now) else { return }
        let caller = Caller.agent(agent, credential: found.credential, address: address, requestID: requestID)
        let recorder = AgentRecorder(context, caller: caller, now: now)
        let isFirst = try await context.write { tx in
            var unit = try CredentialUnit(
                agent: agent,
                credential: try CredentialStore.get(found.credential.id, in: tx) ?? found.credential,
                policy: RotationPolicy(),
                in: tx
            )
            let token = unit.machine.retiredToken(found.fit, now: now)
            try unit.save(in: tx)
            // The agent's own forced-out token is expected; counting it would hide a thief's later use.
            guard let token, isTheftSign else { return false }
            let before = try RetiredTokenStore.recordUse(
                of: token.stamp.hash.hash,
                credential: token.credentialID,
                now: now,
                in: tx
            )
            guard before == 0 else { return false }
            let message = "A token that was replaced before (\(token.stamp.prefix)…) was used."
            try recorder.event(.retiredTokenUsed, of: agent, message, in: tx)
            try recorder.audit("agent.retired_token_used", of: agent, outcome: .denied, reason: message, in: tx)
            return true
        }
        if isFirst {
            context.logger.warning("a retired token was used", metadata: ["agent_id": "\(agent.id)"])
        }
    }
}

extension TokenAdmission {
    var mode: ChannelMode {
        switch self {
        case .full: .full
        case .renewOnly, .previous: .renewOnly
        }
    }
}
