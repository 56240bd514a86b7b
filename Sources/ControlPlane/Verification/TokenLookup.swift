internal import Domain
internal import SQLDatabase
internal import Store

/// Finds what a token's text stands for: in the index, or else in the store.
///
/// Authentication at Claviger's own API and verification for others both go through it, so that they can't differ.
struct TokenLookup: Sendable {
    private let context: ControlPlaneContext

    init(context: ControlPlaneContext) {
        self.context = context
    }

    /// What a personal or service token is; `nil` if nobody knows it.
    ///
    /// A token that the index knows costs nothing else. Others are looked up within TOK-2's bounds; `source` is among whose
    /// look-ups this one counts: an address, or the id of a credential.
    func find(_ token: Token, source: String?) async throws(ControlPlaneError) -> IndexedToken? {
        guard case .token(let found) = try await shown(token, source: { source }) else { return nil }
        return found
    }

    /// Whom a text belongs to: a personal or service token, an agent's, or a session.
    func shown(_ token: Token, source: () -> String?) async throws(ControlPlaneError) -> ShownCredential? {
        let hash = context.hasher.hash(token).hash
        switch context.credentials.find(hash) {
        case .known(let found): return .token(found)
        case .unknown: return nil
        case .absent: return try await look(token, hash, source: source())
        }
    }

    private func look(
        _ token: Token,
        _ hash: TokenHash,
        source: String?
    ) async throws(ControlPlaneError) -> ShownCredential? {
        try context.lookups.check(hash, address: source, at: context.now())
        let (candidates, kind) = (context.hasher.candidates(token), token.kind)
        // Nothing in the change log tells the index of what becomes of agents and sessions: each asks for itself.
        let isWatched = kind == .personal || kind == .service
        let found = try await context.credentials.find(hash, isWatched: isWatched) {
            [context] () throws(ControlPlaneError) -> IndexFinding in
            let now = context.now()
            return try await context.read { tx in try Self.load(kind, candidates, now: now, in: tx) }
        }
        let shown: ShownCredential? =
            switch found {
            case .token(let found): .token(found)
            case .session(let session): .session(session)
            case .nothing, .api: nil
            }
        context.lookups.note(isKnown: shown != nil, hash, address: source, at: context.now())
        return shown
    }

    /// What a session is worth in an organization; `nil` if its person doesn't belong there.
    func worth(
        of session: ShownSession,
        in organization: OrganizationID
    ) async throws(ControlPlaneError) -> IndexedToken? {
        let id = session.id
        return try await context.credentials.worth(of: session.hash, in: organization) {
            [context] () throws(ControlPlaneError) -> IndexFinding in
            try await context.read { tx in
                guard let session = try SessionStore.get(id, in: tx),
                    let token = try IndexedToken(session, in: organization, in: tx)
                else { return .nothing }
                return .token(token)
            }
        }
    }

    private static func load(
        _ kind: TokenKind,
        _ hashes: [StoredHash],
        now: Instant,
        in tx: borrowing Transaction
    ) throws -> IndexFinding {
        switch kind {
        case .personal, .service: try apiToken(hashes, now: now, in: tx).map { .token($0) } ?? .nothing
        case .agent: try agentToken(hashes, in: tx).map { .token($0) } ?? .nothing
        case .session: try session(hashes, in: tx).map { .session($0) } ?? .nothing
        case .install, .setup, .invitation, .recovery: .nothing
        }
    }

    private static func apiToken(
        _ hashes: [StoredHash],
        now: Instant,
        in tx: borrowing Transaction
    ) throws -> IndexedToken? {
        for candidate in hashes {
            if let (token, text) = try APITokenStore.find(candidate.hash, in: tx) {
                return try IndexedToken(token, text: text, now: now, in: tx)
            }
            if let (id, _) = try RetiredAPITokenStore.find(candidate.hash, in: tx),
                let token = try APITokenStore.get(id, in: tx)
            {
                return try IndexedToken(token, text: .retired, now: now, in: tx)
            }
        }
        return nil
    }

    /// A text that was never promoted is nobody's here (ROT-2).
    private static func agentToken(_ hashes: [StoredHash], in tx: borrowing Transaction) throws -> IndexedToken? {
        guard let found = try TokenFinder.find(hashes, in: tx), found.credential.kind == .agent,
            let text = found.fit.text,
            let agent = try AgentStore.get(found.credential.agentID, includingDeleted: true, in: tx)
        else { return nil }
        return IndexedToken(agent, found.credential, text: text)
    }

    private static func session(_ hashes: [StoredHash], in tx: borrowing Transaction) throws -> ShownSession? {
        guard let newest = hashes.first else { return nil }
        for candidate in hashes {
            guard let session = try SessionStore.find(candidate.hash, in: tx) else { continue }
            return ShownSession(id: session.id, hash: newest.hash)
        }
        return nil
    }
}

extension TokenFit {
    /// Which text of the credential it is, where one counts that was proven.
    fileprivate var text: TokenUse.Text? {
        switch self {
        case .current: .current
        case .previous: .previous
        case .retired: .retired
        case .pending, .withdrawn: nil
        }
    }
}

extension IndexedToken {
    /// The token with everything that decides about it, as one state of the database has it.
    convenience init(
        _ token: APIToken,
        text: TokenUse.Text,
        now: Instant,
        in tx: borrowing Transaction
    ) throws {
        let surroundings = try TokenSurroundings(of: token, in: tx)
        let limits = try TokenLimitStore.limits(of: token.id, in: tx)
        let isLimited = limits.effective != .none
        let cells = isLimited ? try LimitLedgerStore.all(of: token.id, endingAfter: now, in: tx) : []
        self.init(
            token,
            text: text,
            record: surroundings.record(of: token),
            ownerName: try token.owner.name(in: tx),
            limits: limits.effective,
            seeds: cells.map { LimitSeed(kind: $0.kind, start: $0.start, used: $0.used) },
            sources: IndexSources(token: token, owner: surroundings.owner, plan: limits.plan),
            lastUsedAt: try TokenUseStore.last(of: token.id, in: tx)?.time
        )
    }

    /// An agent's token: it proves who the agent is, and carries no scopes.
    fileprivate convenience init(_ agent: Agent, _ credential: Credential, text: TokenUse.Text) {
        let state: APIToken.State =
            switch (agent.deletedAt == nil ? agent.state : .revoked, credential.state) {
            case (.revoked, _), (_, .revoked): .revoked
            case (.paused, _): .paused
            case (.pending, _), (.active, _): .live
            }
        let graceEnds = [credential.previous?.validUntil, credential.previous?.expiresAt].compactMap(\.self)
        self.init(
            credential.id,
            of: Actor(kind: .agent, id: agent.id.text, name: agent.profile.name),
            workspace: agent.workspaceID,
            prefix: credential.current?.stamp.prefix ?? TokenKind.agent.lead,
            text: text,
            record: TokenRecord(
                kind: .agent,
                organizationID: credential.organizationID,
                state: state,
                endsAt: credential.current?.expiresAt,
                previousEndsAt: graceEnds.min(),
                isOwnerActive: agent.state == .active,
                access: TokenAccess(scopes: .none, owner: [])
            )
        )
    }

    /// A session in an organization: all that its person could put on a token there now.
    fileprivate convenience init?(
        _ session: Session,
        in organization: OrganizationID,
        in tx: borrowing Transaction
    ) throws {
        guard let user = try UserStore.get(session.userID, in: tx),
            let member = try MembershipStore.membership(of: user.id, organization: organization, in: tx),
            member.status == .active || member.status == .paused
        else { return nil }
        let place = try UserPlace(of: user, at: PlaceChoice(organization: organization.text, workspace: nil), in: tx)
        let permissions = place.permissions.subtracting(.server)
        let registered = try RegisteredScopeStore.byName(of: organization, in: tx)
        let policy = try PolicyStore.get(of: organization, in: tx).policy
        let settings = try SettingsService.values(of: organization, in: tx)
        self.init(
            session.id,
            of: Actor(kind: .user, id: user.id.text, name: user.email.text),
            workspace: place.workspaceID,
            prefix: session.stamp.prefix,
            text: .current,
            record: TokenRecord(
                kind: .session,
                organizationID: organization,
                state: session.endedAt == nil ? .live : .revoked,
                endsAt: min(session.end(under: settings), session.lastUsedAt + settings.sessionIdleLife),
                previousEndsAt: nil,
                isOwnerActive: user.state == .active && place.memberships.isActive,
                access: TokenAccess(
                    scopes: .everything(in: permissions, registered: registered.keys),
                    owner: permissions,
                    bounds: policy.bounds(for: place.memberships.roles),
                    registered: registered
                )
            ),
            lastUsedAt: session.lastUsedAt
        )
    }
}
