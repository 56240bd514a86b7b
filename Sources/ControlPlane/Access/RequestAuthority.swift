internal import Domain
internal import SQLDatabase
internal import Store
internal import Synchronization

/// Whom a running request is carried out for, and what they were let do for it.
///
/// A caller is authenticated when the head of a request has come; its body may take half a minute more. So each
/// transaction of the request asks again, before anything else, whether the caller's credential is live, whether they are
/// active where they act, and whether they may still do what they were let do (ORG-6). What has ended meanwhile is refused
/// as it would be at the door. Jobs, commands on the host and agents' channels have none.
final class RequestAuthority: Sendable {
    /// The authority of the request that runs in this task.
    @TaskLocal static var current: RequestAuthority?

    /// One thing that the caller was let do.
    private struct Deed: Hashable {
        let action: ScopeAction
        let agent: AgentID?
    }

    private struct State {
        /// What it is called in the audit trail, and what it is done to.
        var deeds: [Deed: (name: String, target: AuditTarget?)] = [:]
        /// What the request was called last.
        var latest: (name: String, target: AuditTarget?)?
        /// The request itself changed the caller's credential or standing; it goes on by what it was let in with.
        var isOwnDoing = false
    }

    private let caller: Caller
    private let state = Mutex(State())

    init(of caller: Caller) { self.caller = caller }

    /// Notes that the caller was let do something.
    func note(_ action: ScopeAction, agent: AgentID?, name: String, target: AuditTarget?) {
        state.withLock {
            $0.deeds[Deed(action: action, agent: agent)] = (name, target)
            $0.latest = (name, target)
        }
    }

    /// Looks whether the request ended its caller's own credential, or changed what they are.
    func honour(_ changes: [Change]) {
        guard changes.contains(where: { $0.id == caller.credentialID?.text || $0.id == caller.actor.id }) else {
            return
        }
        state.withLock { $0.isOwnDoing = true }
    }

    /// Refuses what isn't so any more; the error's cause is a ``Lapse``.
    func check(now: Instant, in tx: borrowing Transaction) throws {
        let known = state.withLock { $0 }
        guard !known.isOwnDoing else { return }
        let current: Caller
        do {
            current = caller.with(try caller.rightsNow(at: now, in: tx))
        } catch let error as ControlPlaneError {
            throw Lapse(of: caller, known.latest).error(error)
        }
        for (deed, called) in known.deeds {
            let decision = current.decide(deed.action, agent: deed.agent)
            guard let refusal = ControlPlaneError(decision, deed.action) else { continue }
            throw Lapse(of: caller, called).error(refusal)
        }
    }

    /// What a caller lost while their request ran, for the audit trail outside of the transaction.
    struct Lapse: Error {
        let caller: Caller
        let name: String
        let target: AuditTarget?

        fileprivate init(of caller: Caller, _ called: (name: String, target: AuditTarget?)?) {
            self.caller = caller
            name = called?.name ?? "request"
            target = called?.target
        }

        fileprivate func error(_ refusal: ControlPlaneError) -> ControlPlaneError {
            ControlPlaneError(refusal.code, refusal.message, details: refusal.details, cause: self)
        }
    }
}

extension Caller {
    /// Carries a request out for this caller: whatever it changes is changed only while the caller's credential, membership
    /// and the rights that were asked for are still what they were when the caller was authenticated.
    package func carryOut<Answer>(_ request: () async throws -> Answer) async rethrows -> Answer {
        try await RequestAuthority.$current.withValue(RequestAuthority(of: self)) { try await request() }
    }

    /// Whether the caller may do this as the database says it in this transaction, whatever they were let in with.
    func mayNow(_ action: ScopeAction, in tx: borrowing Transaction) throws -> Bool {
        // Whether their credential has expired was asked when the transaction began.
        try with(rightsNow(at: .earliest, in: tx)).decide(action) == .allowed
    }

    /// What the caller's token gives as the database says it in this transaction; `nil` for one who signed in.
    func accessNow(in tx: borrowing Transaction) throws -> TokenAccess? {
        guard case .token = rights else { return nil }
        return try tokenAccess(at: .earliest, in: tx)
    }

    /// What the caller may do as the database says it in this transaction; a refusal if they would not be let in.
    fileprivate func rightsNow(at now: Instant, in tx: borrowing Transaction) throws -> CallerRights {
        switch rights {
        case .token(_, let route): try .token(tokenAccess(at: now, in: tx), route: route)
        case .holder: try holderRights(at: now, in: tx)
        }
    }

    private func tokenAccess(at now: Instant, in tx: borrowing Transaction) throws -> TokenAccess {
        guard let id = credentialID, let token = try APITokenStore.get(id, in: tx) else {
            throw ControlPlaneError(.invalidToken, "The token is not valid.")
        }
        let record = try TokenSurroundings(of: token, in: tx).record(of: token)
        let from = address.flatMap { IPAddress($0) }.map { TokenUse.Address.known($0) } ?? .unknown
        let use = TokenUse(text: token.text(of: credentialPrefix), address: from)
        if case .refused(let refusal) = TokenVerdict.check(record, use, now: now) { throw ControlPlaneError(refusal) }
        return record.access
    }

    private func holderRights(at now: Instant, in tx: borrowing Transaction) throws -> CallerRights {
        guard actor.kind == .user, let id = actor.id.flatMap({ UserID($0) }), let credentialID else { return rights }
        guard let session = try SessionStore.get(credentialID, in: tx), session.endedAt == nil else {
            throw ControlPlaneError(.revokedToken, "The session has ended; sign in again.")
        }
        guard now < session.expiresAt else {
            throw ControlPlaneError(.expiredToken, "The session has expired; sign in again.")
        }
        guard let user = try UserStore.get(id, in: tx), user.state == .active else { throw UserPlace.inactive }
        let server: PermissionSet = user.isServerAdministrator ? .server : []
        guard let organizationID else {
            guard user.isServerAdministrator else { throw UserPlace.inactive }
            return .holder(server)
        }
        let memberships = try Memberships(of: id, organization: organizationID, workspace: workspaceID, in: tx)
        guard memberships.isActive else { throw UserPlace.inactive }
        return .holder(memberships.permissionSet.union(server))
    }
}

extension APIToken {
    /// Which of the token's texts has this prefix now.
    fileprivate func text(of prefix: String?) -> TokenUse.Text {
        if prefix == current.stamp.prefix { return .current }
        return prefix != nil && prefix == previous?.stamp.prefix ? .previous : .retired
    }
}
