package import Domain
internal import Logging
internal import SQLDatabase
internal import Store

/// Turns the bearer token of a request into a caller with the permissions of this moment.
package struct AuthenticationService: Sendable {
    private let context: ControlPlaneContext
    private let denials: DenialRecorder
    private let tokens: TokenAuthentication

    /// How exactly the last use of a session is known; it spares a write on most requests.
    private static let touchInterval = Duration.minutes(1)

    package init(context: ControlPlaneContext, denials: DenialRecorder) {
        self.context = context
        self.denials = denials
        tokens = TokenAuthentication(context: context)
    }

    /// Authenticates a session, personal or service token; `origin` is the anonymous caller that the request came from,
    /// `route` where it knocks, and `action` what is done there.
    ///
    /// What is malformed, or a token of another kind, is refused without a look at the store. `choice` is where a
    /// person wants to act; a token has its place, and no other one exists for it.
    package func authenticate(
        bearer text: String,
        origin: Caller,
        route: ScopeRoute? = nil,
        action: ScopeAction? = nil,
        at choice: PlaceChoice = .own
    ) async throws(ControlPlaneError) -> Caller {
        try await recognize(bearer: text, origin: origin, route: route, action: action, at: choice).caller
    }

    /// The same, with the token that was found on the way.
    package func recognize(
        bearer text: String,
        origin: Caller,
        route: ScopeRoute? = nil,
        action: ScopeAction? = nil,
        at choice: PlaceChoice = .own
    ) async throws(ControlPlaneError) -> Authenticated {
        do {
            let token = try Self.callersToken(text)
            guard token.kind == .session else {
                let found = try await tokens.authenticate(token, origin: origin, route: route)
                try choice.check(found.caller)
                return Authenticated(found.caller.knocking(for: action, with: token), token: found.token)
            }
            return Authenticated(try await authenticate(token, origin: origin, at: choice))
        } catch {
            // A token that is known is counted by itself, from wherever it is shown (TOK-4).
            let caller = (error.cause as? RefusedToken)?.caller ?? origin
            denials.record(action: "session.authenticate", code: error.code, caller: caller)
            throw error
        }
    }

    /// The person by whose rights a command on the host acts, as the database says it now; it needs no password, for who
    /// reads the database and the master key needs none (CLI-2).
    ///
    /// A person who isn't active there is refused, and the attempt audited.
    package func administrator(
        email text: String,
        at choice: PlaceChoice,
        host: Caller
    ) async throws(ControlPlaneError) -> Caller {
        try host.requireHost()
        guard let email = EmailAddress(text) else {
            throw .invalid([FieldFault(path: "--admin-user-email", message: "must be an e-mail address")])
        }
        do {
            return try await context.read { tx in
                guard let user = try UserStore.find(email: email, in: tx) else {
                    throw ControlPlaneError.notFound("person")
                }
                return try host.identified(as: user, session: nil, at: choice, in: tx)
            }
        } catch {
            if error.code == .membershipInactive {
                let reason = "the account or membership of \(email.text) is not active"
                await context.recordDenial(of: "identity.administer", to: host, target: nil, reason: reason)
            }
            throw error
        }
    }

    private static func callersToken(_ text: String) throws(ControlPlaneError) -> Token {
        guard let token = try? Token(parsing: text) else {
            throw ControlPlaneError(.invalidToken, "The token is not valid.")
        }
        guard [.session, .personal, .service].contains(token.kind) else {
            throw ControlPlaneError(
                .wrongCredentialKind,
                "A token of kind \(token.kind.name) can't be used here; sign in, or use a personal or service token."
            )
        }
        return token
    }

    /// Who showed a session.
    ///
    /// A reference on purpose: Swift 6.3, when it optimises, gives an asynchronous closure that returns these two as values
    /// a frame that is too short, and the server ends in the middle of a request.
    private final class Recognized: Sendable {
        let caller: Caller
        let session: Session

        init(caller: Caller, session: Session) {
            self.caller = caller
            self.session = session
        }
    }

    private func authenticate(
        _ token: Token,
        origin: Caller,
        at choice: PlaceChoice
    ) async throws(ControlPlaneError) -> Caller {
        let hashes = context.hasher.candidates(token)
        let now = context.now()
        let found = try await context.lookUp(token, address: origin.address) { () throws(ControlPlaneError) in
            try await look(hashes, origin: origin, at: choice, now: now)
        }
        if now - found.session.lastUsedAt >= Self.touchInterval { await touch(found.session.id, at: now) }
        return found.caller
    }

    private func look(
        _ hashes: [StoredHash],
        origin: Caller,
        at choice: PlaceChoice,
        now: Instant
    ) async throws(ControlPlaneError) -> Recognized {
        try await context.read { tx in
            guard let session = try Self.session(hashes, in: tx) else {
                throw ControlPlaneError(.invalidToken, "The token is not valid.")
            }
            let server = try SettingsService.values(in: tx)
            try Self.checkLife(of: session, settings: server, at: now)
            guard let user = try UserStore.get(session.userID, in: tx) else {
                throw ControlPlaneError(.invalidToken, "The token is not valid.")
            }
            let caller = try origin.identified(as: user, session: session, at: choice, in: tx)
            // The organization acted in may want a shorter life than the server does.
            let own = try SettingsService.values(of: caller.organizationID, over: server, in: tx)
            try Self.checkLife(of: session, settings: own, at: now)
            return Recognized(caller: caller, session: session)
        }
    }

    private static func session(_ hashes: [StoredHash], in tx: borrowing Transaction) throws -> Session? {
        for candidate in hashes {
            if let session = try SessionStore.find(candidate.hash, in: tx) { return session }
        }
        return nil
    }

    private static func checkLife(
        of session: Session,
        settings: SettingValues,
        at now: Instant
    ) throws(ControlPlaneError) {
        guard session.endedAt == nil else {
            throw ControlPlaneError(.revokedToken, "The session has ended; sign in again.")
        }
        guard now < session.end(under: settings), now < session.lastUsedAt + settings.sessionIdleLife else {
            throw ControlPlaneError(.expiredToken, "The session has expired; sign in again.")
        }
    }

    /// Notes the use; a failure is logged, for the request itself can go on.
    private func touch(_ id: CredentialID, at now: Instant) async {
        do {
            try await context.write { tx in try SessionStore.touch(id, at: now, in: tx) }
        } catch {
            context.logger.warning("The use of a session could not be noted", metadata: ["error": "\(error)"])
        }
    }
}

extension Session {
    /// Its absolute end where these settings hold; a life that was shortened since it began counts for it too.
    func end(under settings: SettingValues) -> Instant { min(expiresAt, createdAt + settings.sessionAbsoluteLife) }
}
