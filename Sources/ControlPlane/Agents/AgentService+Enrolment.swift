internal import Domain
internal import FaultPoints
internal import SQLDatabase
internal import Store

extension AgentService {
    /// Exchanges an install token for an agent token; the caller is whoever holds the install token (AGT-4, AGT-5).
    ///
    /// The install token is bound to the first enrolment id and key. Within its life the same pair gets a fresh agent
    /// token, until an agent token was used on the channel; so a lost answer strands nobody.
    package func enroll(
        _ request: EnrolmentRequest,
        caller: Caller
    ) async throws(ControlPlaneError) -> EnrolmentGrant {
        let install = try Self.installToken(request)
        let candidates = context.hasher.candidates(install)
        let now = context.now()
        try context.lookups.check(context.hasher.hash(install).hash, address: caller.address, at: now)
        let token = Token.make(.agent, random: context.random)
        let enrolment = Enrolment(
            request: request,
            stamp: TokenStamp(hash: context.hasher.hash(token), prefix: token.prefix),
            freshID: context.ids.next(),
            settings: channels.settings(),
            now: now
        )
        let context = context
        let noted = channels.enrolmentRefusals
        let outcome = try await context.write { tx -> Result<Credential, RefusedEnrolment> in
            if let first = try TokenFinder.find(candidates, in: tx) {
                try AgentStore.lock(holderOf: first.credential.id, in: tx)
            }
            guard let found = try TokenFinder.find(candidates, in: tx), found.credential.kind == .install,
                let agent = try AgentStore.get(found.credential.agentID, includingDeleted: true, in: tx)
            else { return .failure(RefusedEnrolment(error: ControlPlaneError(TokenRefusal.invalid))) }
            let holder = Caller.agent(
                agent,
                credential: found.credential,
                address: caller.address,
                requestID: caller.requestID,
                surface: caller.surface
            )
            let recorder = AgentRecorder(context, caller: holder, now: now)
            let outcome = try enrolment.carryOut(
                install: found.credential,
                agent: agent,
                recorder: recorder,
                isNoted: { noted.isDue(found.credential.id, at: now) },
                in: tx
            )
            FaultPoints.reach("enroll.before-commit")
            return outcome.mapError { RefusedEnrolment(error: $0, holder: holder) }
        }
        FaultPoints.reach("enroll.after-commit")
        if case .failure(let refused) = outcome {
            if refused.error.code == .invalidToken {
                context.lookups.note(isKnown: false, candidates[0].hash, address: caller.address, at: now)
            }
            channels.count(refused.error.code, of: refused.holder ?? caller, action: "agent.enroll")
        }
        let credential = try outcome.mapError(\.error).get()
        return EnrolmentGrant(
            agentID: credential.agentID,
            credentialID: credential.id,
            token: token,
            expiresAt: enrolment.expiry(of: credential.organizationID)
        )
    }

    private static func installToken(_ request: EnrolmentRequest) throws(ControlPlaneError) -> Token {
        var faults: [FieldFault] = []
        if !(16...128).contains(request.enrolmentID.utf8.count) {
            faults.append(FieldFault(path: "/enrolment_id", message: "must have 16 to 128 characters"))
        }
        if request.publicKey.count != 32 {
            faults.append(FieldFault(path: "/public_key", message: "must be an Ed25519 key of 32 bytes"))
        }
        let token: Token
        do throws(TokenFormatError) {
            token = try Token(parsing: request.installToken)
        } catch {
            throw ControlPlaneError(TokenRefusal.invalid)
        }
        guard token.kind == .install else {
            throw ControlPlaneError(.wrongCredentialKind, "Only an install token enrols an agent.")
        }
        guard faults.isEmpty else { throw .invalid(faults) }
        return token
    }
}

/// Why an enrolment was refused, and whose install token it was if that is known.
private struct RefusedEnrolment: Error {
    let error: ControlPlaneError
    var holder: Caller?
}

/// One enrolment inside its transaction.
private struct Enrolment: Sendable {
    let request: EnrolmentRequest
    let stamp: TokenStamp
    let freshID: CredentialID
    let settings: OrganizationSettings
    let now: Instant

    /// When the agent token of an agent of this organization expires.
    func expiry(of organization: OrganizationID) -> Instant {
        now + settings.of(organization).agentTokenRotationPeriod
    }

    /// A refusal that has to be remembered comes back as a failure, so that its event is committed.
    func carryOut(
        install: Credential,
        agent: Agent,
        recorder: AgentRecorder,
        isNoted: () -> Bool,
        in tx: borrowing Transaction
    ) throws -> Result<Credential, ControlPlaneError> {
        guard install.state == .live, agent.deletedAt == nil, agent.state != .revoked else {
            return .failure(ControlPlaneError(TokenRefusal.revoked))
        }
        guard agent.state == .pending, isBoundToThis(install, agent) else {
            // The refusal itself is counted by the denial recorder; the agent's history hears of it once a minute.
            if isNoted() {
                try recorder.event(.installTokenRefused, of: agent, "A used install token was presented again.", in: tx)
            }
            return .failure(ControlPlaneError(.installTokenUsed, "This install token was used by another machine."))
        }
        guard let expiry = install.current?.expiresAt, now < expiry else {
            return .failure(ControlPlaneError(.expiredToken, "The install token is expired; regenerate it."))
        }
        return .success(try enroll(install: install, agent: agent, recorder: recorder, in: tx))
    }

    private func isBoundToThis(_ install: Credential, _ agent: Agent) -> Bool {
        guard let bound = install.enrolmentID else { return true }
        return bound == request.enrolmentID && agent.publicKey == request.publicKey
    }

    private func enroll(
        install: Credential,
        agent: Agent,
        recorder: AgentRecorder,
        in tx: borrowing Transaction
    ) throws -> Credential {
        var agent = agent
        let version = agent.version
        agent.publicKey = request.publicKey
        agent.enrolledAt = agent.enrolledAt ?? now
        agent.version += 1
        guard try AgentStore.updateIdentity(agent, expectedVersion: version, in: tx) else {
            throw CredentialUnit.lostRace
        }
        try AgentStore.updateStatement(request.statement, of: agent.id, in: tx)
        try bind(install, in: tx)
        let credential = try issue(agent, in: tx)
        try recorder.event(.enrolled, of: agent, "Enrolled.", in: tx)
        let status = agent.state.auditJSON
        try recorder.audit("agent.enroll", of: agent, before: status, after: status, in: tx)
        return credential
    }

    private func bind(_ install: Credential, in tx: borrowing Transaction) throws {
        guard install.enrolmentID == nil else { return }
        var bound = install
        bound.enrolmentID = request.enrolmentID
        bound.version += 1
        let won = try CredentialStore.update(
            bound,
            expectedGeneration: install.generation,
            version: install.version,
            in: tx
        )
        guard won else { throw CredentialUnit.lostRace }
    }

    /// The first agent token, or a fresh one in place of one that was lost on its way.
    private func issue(_ agent: Agent, in tx: borrowing Transaction) throws -> Credential {
        let expiresAt = expiry(of: agent.organizationID)
        let current = Credential.Current(stamp: stamp, issuedAt: now, expiresAt: expiresAt)
        let policy = settings.of(agent.organizationID).rotationPolicy
        if var unit = try CredentialUnit.loadLive(of: agent, policy: policy, in: tx) {
            unit.machine.reenrolled(current, now: now)
            try unit.save(in: tx)
            return unit.credential
        }
        let credential = Credential(
            id: freshID,
            agentID: agent.id,
            organizationID: agent.organizationID,
            workspaceID: agent.workspaceID,
            kind: .agent,
            current: current,
            createdAt: now
        )
        try CredentialStore.insert(credential, in: tx)
        return credential
    }
}
