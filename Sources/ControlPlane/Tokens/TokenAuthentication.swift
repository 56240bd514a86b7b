package import Domain
internal import Logging
internal import SQLDatabase
internal import Store
internal import StrictJSON

/// Turns a personal or service token into a caller with what it may do at this moment (ORG-6).
struct TokenAuthentication: Sendable {
    let context: ControlPlaneContext
    private let retiredUses = OncePerMinute<CredentialID>()

    init(context: ControlPlaneContext) {
        self.context = context
    }

    /// How exactly the last use is known; it spares a write on most requests.
    private static let touchInterval = Duration.minutes(1)

    /// What one look at the store found.
    private struct Found: Sendable {
        let token: APIToken
        let text: TokenUse.Text
        let record: TokenRecord
        let ownerName: String?
        let lastUsedAt: Instant?
    }

    /// Checks a token that is shown at a route of Claviger's own.
    ///
    /// The route's own use case asks for its scope; here the text, its life, its owner and its address are checked.
    func authenticate(
        _ token: Token,
        origin: Caller,
        route: ScopeRoute?
    ) async throws(ControlPlaneError) -> Caller {
        let hashes = context.hasher.candidates(token)
        let now = context.now()
        let found = try await context.lookUp(token, address: origin.address) { () throws(ControlPlaneError) in
            try await look(hashes, origin: origin, now: now)
        }
        await note(found, from: origin.address, now: now)
        return origin.identified(as: found.token, named: found.ownerName, access: found.record.access, route: route)
    }

    private func look(
        _ hashes: [StoredHash],
        origin: Caller,
        now: Instant
    ) async throws(ControlPlaneError) -> Found {
        let address = origin.address.flatMap { IPAddress($0) }.map { TokenUse.Address.known($0) } ?? .unknown
        let found = try await context.read { tx in try Self.find(hashes, in: tx) }
        guard let found else { throw ControlPlaneError(.invalidToken, "The token is not valid.") }
        if found.text == .retired { await noteRetired(found.token.id, hashes, now: now) }
        switch TokenVerdict.check(found.record, TokenUse(text: found.text, address: address), now: now) {
        case .valid: return found
        case .refused(let refusal): throw ControlPlaneError(refusal)
        }
    }

    private static func find(_ hashes: [StoredHash], in tx: borrowing Transaction) throws -> Found? {
        for candidate in hashes {
            if let (token, text) = try APITokenStore.find(candidate.hash, in: tx) {
                return try found(token, text, in: tx)
            }
            if let (id, _) = try RetiredAPITokenStore.find(candidate.hash, in: tx),
                let token = try APITokenStore.get(id, in: tx)
            {
                return try found(token, .retired, in: tx)
            }
        }
        return nil
    }

    private static func found(
        _ token: APIToken,
        _ text: TokenUse.Text,
        in tx: borrowing Transaction
    ) throws -> Found {
        Found(
            token: token,
            text: text,
            record: try TokenSurroundings(of: token, in: tx).record(of: token),
            ownerName: try token.owner.name(in: tx),
            lastUsedAt: try TokenUseStore.last(of: token.id, in: tx)?.time
        )
    }

    /// Notes the use, and ends the grace that ends with it; a failure is logged, for the request itself can go on.
    private func note(_ found: Found, from address: String?, now: Instant) async {
        let id = found.token.id
        let endsGrace = found.text == .current && found.token.previous?.endsAtFirstUse == true
        let isDue = found.lastUsedAt.map { now - $0 >= Self.touchInterval } ?? true
        guard endsGrace || isDue else { return }
        do {
            try await context.write { tx in
                if isDue { try TokenUseStore.touch(id, at: now, from: address, in: tx) }
                guard endsGrace else { return }
                try APITokenStore.lock(id, in: tx)
                guard let token = try APITokenStore.get(id, in: tx) else { return }
                var machine = TokenStateMachine(token)
                guard machine.used(now: now) else { return }
                try machine.save(over: token, now: now, in: tx)
            }
        } catch {
            context.logger.warning("The use of a token could not be noted", metadata: ["error": "\(error)"])
        }
    }

    /// Counts the use of a retired text (ROT-11), at most once a minute and token: whoever has one must not be able to
    /// make a write of each request.
    private func noteRetired(_ token: CredentialID, _ hashes: [StoredHash], now: Instant) async {
        guard retiredUses.isDue(token, at: now) else { return }
        try? await context.write { tx in
            for candidate in hashes { try RetiredAPITokenStore.noteUse(of: candidate.hash, now: now, in: tx) }
        }
    }
}

extension TokenStateMachine {
    /// Writes the token over what was read, and remembers the texts that died.
    func save(over before: APIToken, now: Instant, in tx: borrowing Transaction) throws {
        guard try APITokenStore.update(token, expectedVersion: before.version, now: now, in: tx) else {
            throw ControlPlaneError(.versionConflict, "Somebody else changed the token in the same moment; try again.")
        }
        for dead in retired { try RetiredAPITokenStore.insert(dead, in: tx) }
    }
}

extension Caller {
    /// This caller with the identity and rights of a token.
    fileprivate func identified(
        as token: APIToken,
        named name: String?,
        access: TokenAccess,
        route: ScopeRoute?
    ) -> Caller {
        Caller(
            actor: Actor(kind: token.kind == .personal ? .user : .service, id: token.owner.id, name: name),
            organizationID: token.organizationID,
            workspaceID: token.workspaceID,
            credentialID: token.id,
            credentialPrefix: token.current.stamp.prefix,
            address: address,
            userAgent: userAgent,
            requestID: requestID,
            surface: surface,
            rights: .token(access, route: route)
        )
    }
}

extension ControlPlaneError {
    /// The refusal of a token's use, with what would help (TOK-5).
    package init(_ refusal: TokenVerdict.Refusal) {
        let scope = refusal.missingScope
        let code = Code(rawValue: refusal.code.rawValue)
        let message =
            switch refusal.code {
            case .revokedToken: "The token was revoked."
            case .blocked: "A kill switch covers the token."
            case .suspendedToken: "The token is paused or suspended."
            case .rotatedOutToken: "The token was rotated; use the new one."
            case .expiredToken: "The token has expired."
            case .invalidToken: "The token is not valid."
            case .addressNotAllowed: "The token may not be used from this address."
            case .insufficientScope: "This needs a token with the scope \(scope ?? "asked for")."
            }
        self.init(code, message, details: scope.map { ["scope": .string($0)] } ?? [:])
    }
}
