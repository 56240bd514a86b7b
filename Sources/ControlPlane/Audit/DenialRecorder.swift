internal import Domain
internal import Logging
internal import SQLDatabase
internal import ServiceLifecycle
internal import Store
internal import Synchronization

/// Collects the refusals of the hot path and writes each minute's counts into the audit trail.
///
/// The refusal itself costs a lock and an addition; no request waits for the database.
package final class DenialRecorder: Service {
    private let context: ControlPlaneContext
    private let counter = Mutex(DenialCounter())

    package init(context: ControlPlaneContext) {
        self.context = context
    }

    /// Counts one refusal of verification, upgrade, enrolment or an unknown credential.
    ///
    /// It is counted by the caller's credential if they have one, from wherever it is shown, and by address otherwise:
    /// whoever finds out whose a refused token is gives a caller with that credential's id.
    package func record(
        action: String,
        code: ControlPlaneError.Code,
        caller: Caller
    ) {
        let key = DenialCounter.Key(
            action: action,
            code: code.rawValue,
            credentialID: caller.credentialID,
            address: caller.address
        )
        let refusal = DenialCounter.Refusal(
            time: context.now(),
            organizationID: caller.organizationID,
            workspaceID: caller.workspaceID,
            actor: caller.actor,
            target: Self.target(of: caller),
            credentialPrefix: caller.credentialPrefix,
            address: caller.address,
            surface: caller.surface
        )
        counter.withLock { $0.add(refusal, key: key) }
    }

    /// Counts a token that was refused to somebody who asked about it for an organization.
    func record(
        action: String,
        code: ControlPlaneError.Code,
        organization: OrganizationID,
        token: IndexedToken?,
        address: String?
    ) {
        let key = DenialCounter.Key(action: action, code: code.rawValue, credentialID: token?.id, address: address)
        let refusal = DenialCounter.Refusal(
            time: context.now(),
            organizationID: organization,
            workspaceID: token?.workspaceID,
            actor: token?.actor ?? .anonymous,
            target: token.map { .token($0.id) },
            credentialPrefix: token?.prefix,
            address: address,
            surface: .api
        )
        counter.withLock { $0.add(refusal, key: key) }
    }

    /// Writes the minutes that are over, every five seconds, and the rest at the end.
    package func run() async throws {
        try? await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                try await Task.sleep(for: .seconds(5))
                await self.flush()
            }
        }
        await flush(everything: true)
    }

    /// Writes what is due now; what can't be written is kept and tried again with the next.
    package func flush(everything: Bool = false) async {
        let due = counter.withLock { $0.take(at: context.now(), everything: everything) }
        guard !due.isEmpty else { return }
        let events = due.map(event)
        do {
            try await context.database.write { tx in
                for event in events { try AuditStore.append(event, in: tx) }
            }
        } catch {
            counter.withLock { $0.putBack(due) }
            context.logger.error("Counted denials could not be audited", metadata: ["error": "\(error)"])
        }
    }

    /// A known agent or token is what the event is about, too, so that its history shows it.
    private static func target(of caller: Caller) -> AuditTarget? {
        if caller.actor.kind == .agent { return caller.actor.id.map { AuditTarget(kind: "agent", id: $0) } }
        guard case .token = caller.rights else { return nil }
        return caller.credentialID.map { .token($0) }
    }

    /// What is counted by a credential was done by whoever it belongs to, as far as anybody knows.
    private func event(_ count: DenialCounter.Count) -> AuditEvent {
        let isKnown = count.key.credentialID != nil
        let actor = isKnown ? count.first.actor : .anonymous
        return AuditEvent(
            id: context.ids.next(),
            organizationID: count.first.organizationID,
            workspaceID: isKnown ? count.first.workspaceID : nil,
            time: count.first.time,
            actor: Actor(kind: actor.kind, id: actor.id, name: actor.name.map { FreeText.cleaned($0) }),
            action: count.key.action,
            target: isKnown ? count.first.target : nil,
            outcome: .denied,
            reason: count.key.code,
            surface: count.first.surface,
            address: isKnown ? count.first.address : count.key.address,
            credentialID: count.key.credentialID,
            credentialPrefix: isKnown ? count.first.credentialPrefix : nil,
            count: count.count
        )
    }
}
