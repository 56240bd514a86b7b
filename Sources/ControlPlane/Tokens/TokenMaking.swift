internal import Domain
internal import SQLDatabase
internal import Store
internal import StrictJSON

/// The transaction that creates a token, with everything that was made before it.
struct TokenMaking: Sendable {
    let text: Token
    private let id: CredentialID
    private let eventID: EventID
    private let stamp: TokenStamp
    private let owner: APIToken.Owner
    private let organization: OrganizationID
    private let workspace: WorkspaceID
    private let now: Instant

    /// Makes the text, in the place where the caller acts.
    init(_ context: ControlPlaneContext, owner: APIToken.Owner, caller: Caller) throws(ControlPlaneError) {
        guard let organization = caller.organizationID, let workspace = caller.workspaceID else {
            throw .notFound("workspace")
        }
        text = Token.make(owner.kind.tokenKind, random: context.random)
        id = context.ids.next()
        eventID = context.ids.next()
        stamp = TokenStamp(hash: context.hasher.hash(text), prefix: text.prefix)
        context.lookups.noteMade(stamp.hash.hash)
        self.owner = owner
        self.organization = organization
        self.workspace = workspace
        now = context.now()
    }

    /// Checks fields, rights and policy and writes the token; the failure is an attempt to give too much (ORG-7).
    func perform(
        _ draft: APITokenDraft,
        by caller: Caller,
        routes: [ScopeRoute: ScopeAction],
        in tx: borrowing Transaction
    ) throws -> Result<TokenView, PermissionExceedsOwner> {
        try lockOwner(for: caller, in: tx)
        let access = try EffectiveAccess.load(owner, organization, workspace, in: tx)
        let checked = try draft.checked(for: caller, organization: organization, now: now, in: tx)
        let grantor = try caller.grantor(in: tx)
        do throws(PermissionExceedsOwner) {
            let scopes = checked.profile.scopes
            try grantor.check(giving: scopes, owner: access.permissions, routes: routes)
        } catch {
            return .failure(error)
        }
        try checkPolicy(checked, roles: access.roles, routes: routes, in: tx)
        var token = APIToken(
            id: id,
            organizationID: organization,
            workspaceID: workspace,
            owner: owner,
            profile: checked.profile,
            current: APIToken.Current(stamp: stamp, issuedAt: now, expiresAt: checked.expiresAt),
            createdBy: caller.actor,
            createdAt: now
        )
        try token.settleLimits(over: nil, by: caller, in: tx)
        guard try APITokenStore.insert(token, now: now, in: tx) else { throw ControlPlaneError.nameTaken("token") }
        try token.noteShown(to: caller, now: now, in: tx)
        let event = caller.auditEvent(
            id: eventID,
            at: now,
            action: "token.create",
            target: .token(id),
            after: token.auditJSON
        )
        try AuditStore.append(event, in: tx)
        return .success(try TokenView(token, for: caller, routes: routes, now: now, in: tx))
    }

    /// Two tokens at once can't pass the policy's maximum together.
    private func lockOwner(for caller: Caller, in tx: borrowing Transaction) throws {
        switch owner {
        case .user(let id): try UserStore.lock(id, in: tx)
        case .serviceAccount(let id):
            try ServiceAccountStore.lock(id, organization: organization, in: tx)
            guard let account = try ServiceAccountStore.get(id, organization: organization, in: tx),
                account.workspaceID == workspace, account.state != .deleted
            else { throw ControlPlaneError.notFound("service account") }
        }
    }

    private func checkPolicy(
        _ checked: APITokenDraft.Checked,
        roles: [AccessRole],
        routes: [ScopeRoute: ScopeAction],
        in tx: borrowing Transaction
    ) throws {
        let faults = try PolicyStore.get(of: organization, in: tx).policy.faultsAtCreation(
            of: checked.profile,
            kind: owner.kind,
            expiresAt: checked.expiresAt,
            roles: roles,
            tokensOfOwner: try APITokenStore.count(of: owner, organization: organization, in: tx),
            routes: routes,
            now: now
        )
        guard faults.isEmpty else { throw ControlPlaneError.invalid(faults) }
    }
}

extension APITokenDraft {
    /// Reads the fields of a new token, with the scopes that the organization has now.
    func checked(
        for caller: Caller,
        organization: OrganizationID,
        now: Instant,
        in tx: borrowing Transaction
    ) throws -> Checked {
        let registered = try RegisteredScopeStore.byName(of: organization, in: tx)
        return try checked(registered, isAdmin: caller.mayNow(.orgManage, in: tx), now: now)
    }

    /// Reads the fields of a changed token: whatever became of its scopes, it may keep those that it has.
    func checked(
        for caller: Caller,
        keeping token: APIToken,
        now: Instant,
        in tx: borrowing Transaction
    ) throws -> Checked {
        var registered = try RegisteredScopeStore.byName(of: token.organizationID, in: tx)
        for scope in token.profile.scopes.scopes where scope.meaning == .registered {
            registered[scope.text] = RegisteredScope(name: scope.text, description: "")
        }
        let isAdmin = try TokenAuthority.isHeld(.orgManage, by: caller, where: token, in: tx)
        return try checked(registered, isAdmin: isAdmin, now: now)
    }

    private func checked(
        _ registered: [String: RegisteredScope],
        isAdmin: Bool,
        now: Instant
    ) throws(ControlPlaneError) -> Checked {
        let result = checked(registered: registered, isAdmin: isAdmin, now: now)
        switch result {
        case .success(let checked): return checked
        case .failure(let faults): throw .invalid(faults.faults)
        }
    }
}

extension RegisteredScopeStore {
    /// The scopes of an organization, to be found by their names.
    static func byName(
        of organization: OrganizationID,
        in tx: borrowing Transaction
    ) throws -> [String: RegisteredScope] {
        Dictionary(uniqueKeysWithValues: try list(of: organization, in: tx).map { ($0.name, $0) })
    }
}

extension APIToken {
    /// Remembers which person saw the text of a service token (TOK-10).
    ///
    /// A program that gets it, by rotating itself or another, or by making one, may be in the hands of whoever saw the
    /// text that it shows: they count as having seen this one too.
    func noteShown(to caller: Caller, now: Instant, in tx: borrowing Transaction) throws {
        guard kind == .service else { return }
        if caller.actor.kind == .user, let user = caller.actor.id.flatMap({ UserID($0) }) {
            return try RetiredAPITokenStore.noteShown(id, generation: generation, to: user, now: now, in: tx)
        }
        guard case .token = caller.rights, let program = caller.credentialID,
            let shown = try APITokenStore.get(program, in: tx)
        else { return }
        // What the database says of a token that rotates itself is still its life before.
        for earlier in [shown.generation] + (shown.previous.map { [$0.generation] } ?? []) {
            let text = (token: program, generation: earlier)
            try RetiredAPITokenStore.copyShown(of: text, to: id, generation: generation, now: now, in: tx)
        }
    }
}

extension APITokenProfile {
    /// What audit keeps of what people wrote of a token.
    var auditJSON: String { JSONValue.object(JSONObject(auditFields)).text }

    fileprivate var auditFields: [(String, JSONValue)] {
        [
            ("name", .string(name)),
            ("description", .string(description)),
            ("scopes", .array(scopes.texts.map { .string($0) })),
            ("tags", .array(tags.map { .string($0) })),
            ("addresses", .array(addresses.map { .string($0.text) })),
            ("serves", serves.map { .string($0) } ?? .null),
            ("limits", limits?.auditValue ?? .null),
        ]
    }
}

extension APIToken {
    /// What audit keeps of a new token.
    fileprivate var auditJSON: String {
        let life: [(String, JSONValue)] = [
            ("owner", .string(owner.id)),
            ("expires_at", current.expiresAt.map { .string($0.rfc3339) } ?? .null),
        ]
        return JSONValue.object(JSONObject(profile.auditFields + life)).text
    }
}

extension ControlPlaneError {
    /// Another object of the same owner has the name.
    static func nameTaken(_ kind: String) -> ControlPlaneError {
        ControlPlaneError(.nameTaken, "Another \(kind) has this name; choose a different one.")
    }
}
