internal import Domain
internal import SQLDatabase
internal import Store
internal import Synchronization

extension AccountService {
    /// Changes the caller's password; all their sessions end, this one too.
    package func changePassword(
        current: String,
        new: String,
        caller: Caller
    ) async throws(ControlPlaneError) {
        let id = try caller.requireUser()
        let user = try await context.read { tx in
            guard let user = try UserStore.get(id, in: tx) else { throw ControlPlaneError.notFound("user") }
            return user
        }
        let account = "change:\(user.email.text)"
        let bucket = SignInThrottle.Bucket(account: account, address: "-", isKnown: true)
        let origin = ScryptPool.Origin(address: caller.address, isKnown: true)
        try await waitForTurn(bucket, action: "password.change", caller: caller)
        guard try await passwords.check(current, stored: user.passwordHash, from: origin) else {
            throttle.withLock { $0.failed(bucket, at: context.now()) }
            let target = AuditTarget(kind: "user", id: id.text)
            await context.recordDenial(of: "password.change", to: caller, target: target, reason: "wrong password")
            throw ControlPlaneError(.invalidCredentials, "The current password is wrong.")
        }
        throttle.withLock { $0.succeeded(bucket) }
        try Self.check(new, for: user, field: "/new_password")
        let hash = try await passwords.hash(new, from: origin)
        let (now, eventID) = (context.now(), context.ids.next(EventID.self))
        try await context.write { tx in
            let changed = try Self.setPassword(hash, of: id, ifStill: user.passwordHash, now: now, in: tx)
            guard changed else { throw Self.invalidCredentials }
            let target = AuditTarget(kind: "user", id: id.text)
            let event = caller.auditEvent(id: eventID, at: now, action: "password.change", target: target)
            try AuditStore.append(event, in: tx)
        }
    }

    /// Helps an organization's lost last owner: makes the account and membership active and a recovery secret.
    ///
    /// Without an address it is the oldest active owner, or else the oldest paused one; somebody who was removed has to be
    /// named.
    package func recoverOwner(email: String?, caller: Caller) async throws(ControlPlaneError) -> IssuedSecret {
        try caller.requireHost()
        let issue = OneTimeIssue(kind: .recovery, life: Self.recoveryLife, context: context)
        let (now, eventID) = (issue.now, context.ids.next(EventID.self))
        return try await context.write { tx in
            guard let found = try Self.owner(email, in: tx) else {
                throw ControlPlaneError.notFound("owner")
            }
            let organization = found.organization
            var user = found.user
            let role = Membership(role: OrganizationRole.owner, status: .active)
            _ = try MembershipStore.change(to: role, user: user.id, organization: organization.id, now: now, in: tx)
            if user.state != .active {
                let version = user.version
                user.state = .active
                user.updatedAt = now
                user.version += 1
                _ = try UserStore.update(user, expectedVersion: version, in: tx)
            }
            let secret = try issue.write(for: user, organization: nil, in: tx)
            let target = AuditTarget(kind: "user", id: user.id.text)
            let event = caller.auditEvent(id: eventID, at: now, action: "owner.recover", target: target)
            try AuditStore.append(event, in: tx)
            return secret
        }
    }

    /// The oldest owner with this address, or of all who were not removed, in whatever organization; one who is active
    /// before one who is paused.
    private static func owner(
        _ email: String?,
        in tx: borrowing Transaction
    ) throws -> (organization: Organization, user: UserAccount)? {
        let wanted = email.flatMap { EmailAddress($0) }
        guard email == nil || wanted != nil else { return nil }
        let statuses: [MembershipStatus] = [.active, .paused] + (wanted == nil ? [] : [.invited, .removed])
        var best: (place: Int, organization: Organization, user: UserAccount)?
        for organization in try OrganizationStore.all(in: tx) {
            for id in try MembershipStore.allOwners(of: organization.id, in: tx) {
                guard let user = try UserStore.get(id, in: tx), wanted == nil || user.email == wanted,
                    let found = try MembershipStore.membership(of: id, organization: organization.id, in: tx),
                    let place = statuses.firstIndex(of: found.status)
                else { continue }
                if best.map({ place < $0.place }) ?? true { best = (place, organization, user) }
            }
        }
        return best.map { ($0.organization, $0.user) }
    }

    /// Sets a new password with a recovery secret, which is used up; all sessions of the user end.
    package func resetPassword(
        secret: String,
        new password: String,
        caller: Caller
    ) async throws(ControlPlaneError) {
        do {
            try await resetPassword(secret, password, caller)
        } catch {
            if error.code != .invalidFields {
                denials.record(action: "password.reset", code: error.code, caller: caller)
            }
            throw error
        }
    }

    private func resetPassword(_ secret: String, _ password: String, _ caller: Caller) async throws(ControlPlaneError) {
        let token = try OneTimeIssue.token(secret, kind: .recovery)
        let hashes = context.hasher.candidates(token)
        let now = context.now()
        let user = try await context.lookUp(token, address: caller.address) { () throws(ControlPlaneError) in
            try await context.read { tx in
                let found = try OneTimeIssue.find(hashes, now: now, in: tx)
                guard let user = try found.userID.map({ try UserStore.get($0, in: tx) }) ?? nil else {
                    throw OneTimeIssue.unknown
                }
                return user
            }
        }
        try Self.check(password, for: user, field: "/new_password")
        let origin = ScryptPool.Origin(address: caller.address, isKnown: true)
        let hash = try await passwords.hash(password, from: origin)
        let eventID = context.ids.next(EventID.self)
        try await context.write { tx in
            _ = try OneTimeIssue.consume(hashes, kind: .recovery, now: now, in: tx)
            _ = try Self.setPassword(hash, of: user.id, ifStill: nil, now: now, in: tx)
            let target = AuditTarget(kind: "user", id: user.id.text)
            let event = caller.auditEvent(id: eventID, at: now, action: "password.reset", target: target)
            try AuditStore.append(event, in: tx)
        }
    }

    private static func check(
        _ password: String,
        for user: UserAccount,
        field: String
    ) throws(ControlPlaneError) {
        if let fault = PasswordRule.fault(in: password, email: user.email) {
            throw .invalid([FieldFault(path: field, message: fault)])
        }
    }

    /// Writes the hash and ends all sessions; answers false if the password is no longer the one given.
    private static func setPassword(
        _ hash: PasswordHash,
        of id: UserID,
        ifStill old: String?,
        now: Instant,
        in tx: borrowing Transaction
    ) throws -> Bool {
        guard var user = try UserStore.get(id, in: tx) else { throw ControlPlaneError.notFound("user") }
        guard old == nil || user.passwordHash == old else { return false }
        let version = user.version
        user.passwordHash = hash.stored
        user.passwordChangedAt = now
        user.updatedAt = now
        user.version += 1
        guard try UserStore.update(user, expectedVersion: version, in: tx) else {
            throw ControlPlaneError(.versionConflict, "The account was changed at the same moment; try again.")
        }
        try SessionStore.endAll(of: id, reason: "password changed", now: now, in: tx)
        try OneTimeSecretStore.withdrawAll(.recovery, user: id, now: now, in: tx)
        return true
    }
}
