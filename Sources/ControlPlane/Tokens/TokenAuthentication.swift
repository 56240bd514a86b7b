package import Domain
internal import Logging
internal import SQLDatabase
internal import Store
internal import StrictJSON

/// Turns a personal or service token into a caller with what it may do at this moment (ORG-6).
struct TokenAuthentication: Sendable {
    let context: ControlPlaneContext
    private let finder: TokenLookup
    private let retiredUses = OncePerMinute<CredentialID>()

    init(context: ControlPlaneContext) {
        self.context = context
        finder = TokenLookup(context: context)
    }

    /// How exactly the last use is known; it spares a write on most requests.
    private static let touchInterval = Duration.minutes(1)

    /// Checks a token that is shown at a route of Claviger's own.
    ///
    /// The route's own use case asks for its scope; here the text, its life, its owner and its address are checked.
    func authenticate(
        _ token: Token,
        origin: Caller,
        route: ScopeRoute?
    ) async throws(ControlPlaneError) -> Authenticated {
        let address = origin.address.flatMap { IPAddress($0) }.map { TokenUse.Address.known($0) } ?? .unknown
        guard let found = try await finder.find(token, source: origin.address) else {
            throw ControlPlaneError(.invalidToken, "The token is not valid.")
        }
        let now = context.now()
        switch TokenVerdict.check(found.record, TokenUse(text: found.text, address: address), now: now) {
        case .valid:
            await note(found, from: origin.address, now: now)
            return Authenticated(origin.identified(as: found, route: route), token: found)
        case .refused(let refusal):
            if found.text == .retired { await noteRetired(token, of: found.id, now: now) }
            let known = RefusedToken(caller: origin.identified(as: found, route: route))
            throw ControlPlaneError(refusal, cause: known)
        }
    }

    /// Notes the use once a minute, and ends the grace that ends with it.
    private func note(_ found: IndexedToken, from address: String?, now: Instant) async {
        if found.endsGrace { await endGrace(of: found, now: now) }
        guard found.claimsNote(at: now, every: Self.touchInterval) else { return }
        let id = found.id
        do {
            try await context.write { tx in try TokenUseStore.touch(id, at: now, from: address, in: tx) }
        } catch {
            context.logger.warning("The use of a token could not be noted", metadata: ["error": "\(error)"])
        }
    }

    /// Ends the grace of the text before, which ends with the first use of this one (ROT-13); a failure is logged, for
    /// the request itself can go on.
    func endGrace(of found: IndexedToken, now: Instant) async {
        let id = found.id
        do {
            try await context.write { tx in
                try APITokenStore.lock(id, in: tx)
                guard let token = try APITokenStore.get(id, in: tx) else { return }
                var machine = TokenStateMachine(token)
                guard machine.used(now: now) else { return }
                try machine.save(over: token, now: now, in: tx)
            }
        } catch {
            context.logger.warning("The grace of a token could not be ended", metadata: ["error": "\(error)"])
        }
    }

    /// Counts the use of a retired text (ROT-11), at most once a minute and token: whoever has one must not be able to
    /// make a write of each request.
    func noteRetired(_ token: Token, of id: CredentialID, now: Instant) async {
        guard retiredUses.isDue(id, at: now) else { return }
        let hashes = context.hasher.candidates(token)
        try? await context.write { tx in
            for candidate in hashes { try RetiredAPITokenStore.noteUse(of: candidate.hash, now: now, in: tx) }
        }
    }
}

/// Whose token it was that was refused, for those who count refusals; the one who shows it isn't told.
struct RefusedToken: Error, CustomStringConvertible {
    let caller: Caller

    var description: String { "The token \(caller.credentialID?.text ?? "") was refused." }
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
    fileprivate func identified(as token: IndexedToken, route: ScopeRoute?) -> Caller {
        Caller(
            actor: token.actor,
            organizationID: token.record.organizationID,
            workspaceID: token.workspaceID,
            credentialID: token.id,
            credentialPrefix: token.prefix,
            address: address,
            userAgent: userAgent,
            requestID: requestID,
            surface: surface,
            rights: .token(token.record.access, route: route)
        )
    }
}

extension ControlPlaneError {
    /// The refusal of a token's use, with what would help (TOK-5).
    package init(_ refusal: TokenVerdict.Refusal, cause: (any Error)? = nil) {
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
        self.init(code, message, details: scope.map { ["scope": .string($0)] } ?? [:], cause: cause)
    }
}
