package import Domain
internal import SQLDatabase
package import Store
internal import StrictJSON
internal import Synchronization

/// Sign-in, sessions and passwords of people (ORG-3).
package final class AccountService: Sendable {
    let context: ControlPlaneContext
    let passwords: PasswordService
    let denials: DenialRecorder
    private let sleep: @Sendable (Duration) async throws -> Void
    let throttle = Mutex(SignInThrottle())

    /// How long a recovery secret lives.
    package static let recoveryLife = Duration.minutes(30)

    /// `sleep` is how an attempt waits that has to: the real one, or a test's.
    package init(
        context: ControlPlaneContext,
        passwords: PasswordService,
        denials: DenialRecorder,
        sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    ) {
        self.context = context
        self.passwords = passwords
        self.denials = denials
        self.sleep = sleep
    }

    /// Signs in with address and password; every failure reads the same and costs the same work.
    package func login(email: String, password: String, caller: Caller) async throws(ControlPlaneError) -> SignedIn {
        let user = try await verified(email: email, password: password, action: "session.login", caller: caller)
        return try await open(user, caller: caller)
    }

    /// Whose address and password these are, under the throttle of sign-in.
    func verified(
        email: String,
        password: String,
        action: String,
        caller: Caller
    ) async throws(ControlPlaneError) -> UserAccount {
        let address = EmailAddress(email)
        let known = try await context.read { tx in try KnownAccount(address, from: caller.address, in: tx) }
        let account = address?.text ?? "?"
        let bucket = SignInThrottle.Bucket(account: account, address: caller.address, isKnown: known.knowsAddress)
        try await waitForTurn(bucket, action: action, caller: caller)
        let origin = ScryptPool.Origin(address: caller.address, isKnown: known.knowsAddress)
        let isRight = try await passwords.check(password, stored: known.user?.passwordHash, from: origin)
        guard isRight, let user = known.user, user.state == .active else {
            throttle.withLock { $0.failed(bucket, at: context.now()) }
            denials.record(action: action, code: .invalidCredentials, caller: caller)
            throw Self.invalidCredentials
        }
        throttle.withLock { $0.succeeded(bucket) }
        return user
    }

    /// Writes the session, unless the password was changed since it was checked.
    private func open(_ user: UserAccount, caller: Caller) async throws(ControlPlaneError) -> SignedIn {
        let issue = SessionIssue(context: context, caller: caller)
        let eventID = context.ids.next(EventID.self)
        return try await context.write { tx in
            // A change of the password ends all sessions; this one comes before it, or not at all.
            try UserStore.lock(user.id, in: tx)
            guard let current = try UserStore.get(user.id, in: tx), current.passwordHash == user.passwordHash,
                current.state == .active
            else { throw Self.invalidCredentials }
            let signedIn = try issue.write(for: current, in: tx)
            let actor = try caller.identified(as: current, session: signedIn.session, in: tx)
            let target = AuditTarget(kind: "session", id: issue.id.text)
            try AuditStore.append(
                actor.auditEvent(id: eventID, at: issue.now, action: "session.login", target: target),
                in: tx
            )
            return signedIn
        }
    }

    /// Waits as long as the throttle says; the attempt is always tried afterwards.
    func waitForTurn(
        _ bucket: SignInThrottle.Bucket,
        action: String = "session.login",
        caller: Caller
    ) async throws(ControlPlaneError) {
        let decision = throttle.withLock { $0.attempt(bucket, address: caller.address, at: context.now()) }
        switch decision {
        case .now:
            return
        case .refuse:
            denials.record(action: action, code: .tooManyAttempts, caller: caller)
            throw ControlPlaneError(
                .tooManyAttempts,
                "Too many attempts to sign in wait already; try again.",
                details: ["retry_after_seconds": .integer(SignInThrottle.longestDelay.secondsRoundedUp)]
            )
        case .wait(let delay):
            defer { throttle.withLock { $0.waited(bucket, address: caller.address) } }
            do {
                try await sleep(delay)
            } catch {
                throw ControlPlaneError(.unavailable, "The request was given up.", cause: error)
            }
        }
    }

    /// Ends the caller's own session.
    package func logout(caller: Caller) async throws(ControlPlaneError) {
        _ = try caller.requireUser()
        guard let id = caller.credentialID else { return }
        try await end(id, reason: "logout", action: "session.logout", caller: caller)
    }

    /// The caller's sessions that are still good, newest first.
    package func sessions(caller: Caller) async throws(ControlPlaneError) -> [Session] {
        let user = try caller.requireUser()
        let now = context.now()
        return try await context.read { tx in
            let settings = try SettingsService.values(of: caller.organizationID, in: tx)
            let used = try SessionStore.live(of: user, usedSince: now - settings.sessionIdleLife, now: now, in: tx)
            return used.filter { now < $0.end(under: settings) }
        }
    }

    /// Ends one of the caller's sessions; those of others don't exist for them.
    package func endSession(_ id: CredentialID, caller: Caller) async throws(ControlPlaneError) {
        try await end(id, reason: "ended", action: "session.end", caller: caller)
    }

    private func end(
        _ id: CredentialID,
        reason: String,
        action: String,
        caller: Caller
    ) async throws(ControlPlaneError) {
        let user = try caller.requireUser()
        let now = context.now()
        let target = AuditTarget(kind: "session", id: id.text)
        let event = caller.auditEvent(id: context.ids.next(), at: now, action: action, target: target)
        try await context.write { tx in
            guard let session = try SessionStore.get(id, in: tx), session.userID == user else {
                throw ControlPlaneError.notFound("session")
            }
            guard try SessionStore.end(id, reason: reason, now: now, in: tx) else { return }
            try AuditStore.append(event, in: tx)
        }
    }

    /// Who the caller is.
    package func profile(caller: Caller) async throws(ControlPlaneError) -> Profile {
        let id = try caller.requireUser()
        return try await context.read { tx in
            guard let user = try UserStore.get(id, in: tx) else { throw ControlPlaneError.notFound("user") }
            let place = try UserPlace(of: user, at: PlaceChoice(caller), in: tx)
            return Profile(
                user: user,
                organization: try place.organizationID.map { try OrganizationStore.get($0, in: tx) } ?? nil,
                workspace: try place.workspaceID.map { try OrganizationStore.get($0, in: tx) } ?? nil,
                memberships: place.memberships,
                permissions: place.permissions
            )
        }
    }

    static let invalidCredentials = ControlPlaneError(
        .invalidCredentials,
        "The e-mail address or the password is wrong."
    )
}

/// What is known of a sign-in before it is tried.
private struct KnownAccount: Sendable {
    let user: UserAccount?
    /// Whether somebody signed in to this account from this address before.
    let knowsAddress: Bool

    init(_ email: EmailAddress?, from address: String?, in tx: borrowing Transaction) throws {
        user = try email.map { try UserStore.find(email: $0, in: tx) } ?? nil
        if let user, let address {
            knowsAddress = try SessionStore.hasSession(of: user.id, from: address, in: tx)
        } else {
            knowsAddress = false
        }
    }
}
