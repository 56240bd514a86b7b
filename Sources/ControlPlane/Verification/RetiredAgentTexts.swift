internal import Domain
internal import Logging
internal import SQLDatabase
internal import Store

/// Uses of agents' retired texts away from the channel: refused, counted and audited like those on it (ROT-11).
struct RetiredAgentTexts: Sendable {
    private let context: ControlPlaneContext
    private let uses = OncePerMinute<CredentialID>()

    init(context: ControlPlaneContext) {
        self.context = context
    }

    /// Notes a use, at most once a minute and credential; the first of a credential is an event of the agent.
    func note(_ token: Token, of found: IndexedToken, from address: IPAddress?, now: Instant) async {
        guard uses.isDue(found.id, at: now) else { return }
        let (context, hashes, credentialID) = (context, context.hasher.candidates(token), found.id)
        do {
            try await context.write { tx in
                guard var unit = try CredentialUnit.load(credentialID, policy: RotationPolicy(), in: tx),
                    let found = try TokenFinder.find(hashes, in: tx), found.credential.id == credentialID
                else { return }
                let agent = unit.agent
                let dead = unit.machine.retiredToken(found.fit, now: now)
                try unit.save(in: tx)
                // The agent's own forced-out text is expected; counting it would hide a thief's later use.
                guard let dead, found.fit == .previous || found.credential.generation > dead.generation else { return }
                let before = try RetiredTokenStore.recordUse(
                    of: dead.stamp.hash.hash,
                    credential: credentialID,
                    now: now,
                    in: tx
                )
                guard before == 0 else { return }
                let caller = Caller.agent(
                    agent,
                    credential: found.credential,
                    address: address?.description,
                    requestID: "",
                    surface: .api
                )
                let recorder = AgentRecorder(context, caller: caller, now: now)
                let message = "A token that was replaced before (\(dead.stamp.prefix)…) was used."
                try recorder.event(.retiredTokenUsed, of: agent, message, in: tx)
                try recorder.audit("agent.retired_token_used", of: agent, outcome: .denied, reason: message, in: tx)
            }
        } catch {
            context.logger.warning("A retired token's use could not be noted", metadata: ["error": "\(error)"])
        }
    }
}
