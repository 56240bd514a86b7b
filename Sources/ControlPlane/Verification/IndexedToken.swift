package import Domain
internal import Synchronization

/// What the credential index keeps of one text of a token: who it belongs to and what it may do (design §6).
///
/// It is put together from one state of the database and never changes; what changes there makes the index forget it.
package final class IndexedToken: Sendable {
    package let id: CredentialID
    /// Absent for a person without a workspace.
    package let workspaceID: WorkspaceID?
    /// Whose personal or service token it is; absent for an agent's, and for a session.
    package let owner: APIToken.Owner?
    /// Who acts when the token is used.
    package let actor: Actor
    /// What lists and audit may show of the text.
    package let prefix: String
    /// Which text of the token this is.
    package let text: TokenUse.Text
    package let record: TokenRecord
    /// Whether this use of the token ends the grace of the text before it (ROT-13).
    package let endsGrace: Bool
    /// How much it may be used, and what rows told of its use when it was loaded.
    package let limits: EffectiveLimits
    let seeds: [LimitSeed]
    /// What it was made from; a change of any of them makes it stale.
    package let sources: IndexSources
    /// When its last use was noted, in microseconds since 1970.
    private let noted: Atomic<Int64>
    private let shown = Mutex<Texts?>(nil)

    package init(
        _ token: APIToken,
        text: TokenUse.Text,
        record: TokenRecord,
        ownerName: String?,
        limits: EffectiveLimits = .none,
        seeds: [LimitSeed] = [],
        sources: IndexSources,
        lastUsedAt: Instant? = nil
    ) {
        id = token.id
        workspaceID = token.workspaceID
        owner = token.owner
        actor = Actor(kind: token.owner.kind == .personal ? .user : .service, id: token.owner.id, name: ownerName)
        prefix = token.current.stamp.prefix
        self.text = text
        self.record = record
        endsGrace = text == .current && token.previous?.endsAtFirstUse == true
        self.limits = limits
        self.seeds = seeds
        self.sources = sources
        noted = Atomic((lastUsedAt ?? .earliest).microseconds)
    }

    /// An agent's token, or a session: without limits of its own, and asked for anew each time.
    init(
        _ id: CredentialID,
        of actor: Actor,
        workspace: WorkspaceID?,
        prefix: String,
        text: TokenUse.Text,
        record: TokenRecord,
        lastUsedAt: Instant? = nil
    ) {
        self.id = id
        self.actor = actor
        self.prefix = prefix
        self.text = text
        self.record = record
        workspaceID = workspace
        owner = nil
        endsGrace = false
        limits = .none
        seeds = []
        sources = .unwatched
        noted = Atomic((lastUsedAt ?? .earliest).microseconds)
    }

    /// What answers tell of the token, made once.
    package final class Texts: Sendable {
        package let id: String
        package let organization: String
        package let workspace: String?
        /// The scopes that are in force, in canonical order.
        package let scopes: [String]
        /// The same with blanks between them.
        package let scopeList: String

        fileprivate init(_ token: IndexedToken, _ routes: RouteActions) {
            id = token.id.text
            organization = token.record.organizationID.text
            workspace = token.workspaceID?.text
            scopes = token.record.access.lines(routes: routes.all).filter(\.isInForce).map(\.scope.text)
            scopeList = scopes.joined(separator: " ")
        }
    }

    package func texts(routes: RouteActions) -> Texts {
        shown.withLock { known in
            if let known { return known }
            let texts = Texts(self, routes)
            known = texts
            return texts
        }
    }

    /// Whether a use now is the one of many to be written down; each interval has one.
    func claimsNote(at now: Instant, every interval: Duration) -> Bool {
        let last = noted.load(ordering: .relaxed)
        guard now - Instant(microseconds: last) >= interval else { return false }
        return noted.compareExchange(expected: last, desired: now.microseconds, ordering: .relaxed).exchanged
    }
}
