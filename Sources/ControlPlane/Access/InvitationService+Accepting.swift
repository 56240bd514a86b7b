package import Domain
internal import SQLDatabase
internal import Store

/// How an invited person comes in.
extension InvitationService {
    /// Accepts with the secret and a password, and signs in at once.
    ///
    /// Somebody new chooses the password, with their name; somebody with an account shows theirs, as at sign-in, and the
    /// name they have stays. The fields are asked of both alike: whoever has the link learns whether there is an account
    /// only by using it up or by sign-in's own throttle.
    package func accept(
        secret: String,
        name: String?,
        password: String,
        caller: Caller
    ) async throws(ControlPlaneError) -> SignedIn {
        do throws(ControlPlaneError) {
            guard let name else { throw ControlPlaneError.invalid([FieldFault(path: "/name", message: "is missing")]) }
            let (hashes, user) = try await open(secret, caller: caller)
            let person = try NewUser(email: user.email.text, name: name, password: password)
            guard user.passwordHash == nil else {
                let known = try await accounts.verified(
                    email: user.email.text,
                    password: password,
                    action: "invitation.accept",
                    caller: caller
                )
                return try await enter(known, newPassword: nil, hashes, caller: caller)
            }
            let origin = ScryptPool.Origin(address: caller.address, isKnown: true)
            let hash = try await accounts.passwords.hash(person.password, from: origin)
            var named = user
            named.name = person.name
            return try await enter(named, newPassword: hash, hashes, caller: caller)
        } catch {
            if error.code != .invalidFields {
                accounts.denials.record(action: "invitation.accept", code: error.code, caller: caller)
            }
            throw error
        }
    }

    /// Accepts with the secret and the session of the invited person.
    package func join(secret: String, caller: Caller) async throws(ControlPlaneError) -> InvitedPlace {
        let id = try caller.requireUser()
        let (hashes, user) = try await open(secret, caller: caller)
        guard user.id == id else {
            let target = AuditTarget(kind: "user", id: id.text)
            let reason = "the invitation is for somebody else"
            await context.recordDenial(of: "invitation.accept", to: caller, target: target, reason: reason)
            throw ControlPlaneError(.permissionDenied, "The invitation is for another person; sign in as that one.")
        }
        let (now, eventID) = (context.now(), context.ids.next(EventID.self))
        return try await context.write { tx in
            let (member, organization) = try Self.activate(hashes, user: id, now: now, in: tx)
            var event = caller.auditEvent(
                id: eventID,
                at: now,
                action: "invitation.accept",
                target: .member(member.id),
                after: member.membership.with(.active).auditJSON
            )
            event.organizationID = organization.id
            event.workspaceID = nil
            try AuditStore.append(event, in: tx)
            return InvitedPlace(id: organization.id, name: organization.name)
        }
    }

    /// Whose secret it is, before any work is done for it; it is used up only with the membership.
    private func open(
        _ secret: String,
        caller: Caller
    ) async throws(ControlPlaneError) -> (hashes: [StoredHash], user: UserAccount) {
        let token = try OneTimeIssue.token(secret, kind: .invitation)
        let hashes = context.hasher.candidates(token)
        let now = context.now()
        let user = try await context.lookUp(token, address: caller.address) { () throws(ControlPlaneError) in
            try await context.read { tx in
                let found = try OneTimeIssue.find(hashes, now: now, in: tx)
                guard found.usedAt == nil, let id = found.userID, let organization = found.organizationID,
                    try OneTimeSecretStore.invitation(found.id, to: organization, now: now, in: tx) != nil,
                    let user = try UserStore.get(id, in: tx), user.state == .active
                else { throw OneTimeIssue.unknown }
                return user
            }
        }
        return (hashes, user)
    }

    /// Uses the secret up, makes the membership active, and signs in, all or nothing.
    private func enter(
        _ person: UserAccount,
        newPassword: PasswordHash?,
        _ hashes: [StoredHash],
        caller: Caller
    ) async throws(ControlPlaneError) -> SignedIn {
        let session = SessionIssue(context: context, caller: caller)
        let eventID = context.ids.next(EventID.self)
        return try await context.write { tx in
            let (member, organization) = try Self.activate(hashes, user: person.id, now: session.now, in: tx)
            try UserStore.lock(person.id, in: tx)
            guard var user = try UserStore.get(person.id, in: tx), user.state == .active else {
                throw OneTimeIssue.unknown
            }
            // Whoever chose a password in the same moment, or changed the one that was shown, comes first.
            guard user.passwordHash == person.passwordHash else { throw AccountService.invalidCredentials }
            if let newPassword {
                let version = user.version
                user.name = person.name
                user.passwordHash = newPassword.stored
                user.passwordChangedAt = session.now
                user.updatedAt = session.now
                user.version += 1
                guard try UserStore.update(user, expectedVersion: version, in: tx) else {
                    throw ControlPlaneError.lostRace
                }
            }
            let signedIn = try session.write(for: user, in: tx)
            let place = PlaceChoice(organization: organization.id.text, workspace: nil)
            let actor = try caller.identified(as: user, session: signedIn.session, at: place, in: tx)
            let event = actor.auditEvent(
                id: eventID,
                at: session.now,
                action: "invitation.accept",
                target: .member(member.id),
                after: member.membership.with(.active).auditJSON
            )
            try AuditStore.append(event, in: tx)
            return signedIn
        }
    }

    private static func activate(
        _ hashes: [StoredHash],
        user: UserID,
        now: Instant,
        in tx: borrowing Transaction
    ) throws -> (member: Member, organization: Organization) {
        let secret = try OneTimeIssue.consume(hashes, kind: .invitation, now: now, in: tx)
        guard secret.userID == user, let id = secret.organizationID,
            try OrganizationStore.lock(id, in: tx) != nil, let organization = try OrganizationStore.get(id, in: tx),
            let member = try MemberStore.find(user, organization: id, in: tx), member.membership.status == .invited
        else { throw OneTimeIssue.unknown }
        try member.move(to: .active, now: now, in: tx)
        return (member, organization)
    }
}

/// The organization that somebody has come into.
package struct InvitedPlace: Sendable, Hashable {
    package let id: OrganizationID
    package let name: String
}
