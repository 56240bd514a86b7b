internal import Domain
internal import SQLDatabase
internal import Store

/// The first start and the first owner (ORG-2).
package struct SetupService: Sendable {
    /// How long a setup secret lives.
    package static let secretLife = Duration.minutes(30)

    private let context: ControlPlaneContext
    private let passwords: PasswordService
    private let denials: DenialRecorder

    package init(context: ControlPlaneContext, passwords: PasswordService, denials: DenialRecorder) {
        self.context = context
        self.passwords = passwords
        self.denials = denials
    }

    /// Creates organization, workspace and setup secret on a new database; on any other it does nothing.
    ///
    /// Of several nodes that start at once one does it, and is the one that gets the secret.
    package func firstStart(caller: Caller) async throws(ControlPlaneError) -> IssuedSecret? {
        try caller.requireServer()
        let issue = OneTimeIssue(kind: .setup, life: Self.secretLife, context: context)
        let organization = Organization(id: context.ids.next(), name: "Default", createdAt: issue.now)
        let workspace = Workspace(
            id: context.ids.next(),
            organizationID: organization.id,
            name: "Default",
            createdAt: issue.now
        )
        let event = caller.marked(.setup).auditEvent(
            id: context.ids.next(),
            at: issue.now,
            action: "server.first_start",
            target: AuditTarget(kind: "organization", id: organization.id.text)
        )
        return try await context.write { tx in
            try StartTurn.take(in: tx)
            guard try OrganizationStore.all(in: tx).isEmpty else { return nil }
            try OrganizationStore.insert(organization, in: tx)
            try OrganizationStore.insert(workspace, in: tx)
            let secret = try issue.write(for: nil, organization: organization.id, in: tx)
            try AuditStore.append(event, in: tx)
            return secret
        }
    }

    /// Makes another setup secret, and the ones before worthless, while there is no owner.
    package func newLink(caller: Caller) async throws(ControlPlaneError) -> IssuedSecret {
        try caller.requireHost()
        let issue = OneTimeIssue(kind: .setup, life: Self.secretLife, context: context)
        let event = caller.marked(.setup).auditEvent(
            id: context.ids.next(),
            at: issue.now,
            action: "setup.new_link",
            target: nil
        )
        return try await context.write { tx in
            guard let organization = try OrganizationStore.all(in: tx).first else {
                throw ControlPlaneError(.notFound, "The server has not been started on this database yet.")
            }
            guard try !MembershipStore.hasOwner(in: tx) else { throw Self.done }
            let secret = try issue.write(for: nil, organization: organization.id, in: tx)
            try AuditStore.append(event, in: tx)
            return secret
        }
    }

    /// Whether the first owner still has to be created.
    package func isOpen() async throws(ControlPlaneError) -> Bool {
        try await context.read { tx in try !MembershipStore.hasOwner(in: tx) }
    }

    /// Uses the setup secret up and creates the first owner, who is a server administrator and signed in at once.
    package func complete(
        secret: String,
        email: String,
        name: String,
        password: String,
        caller: Caller
    ) async throws(ControlPlaneError) -> SignedIn {
        do {
            let hashes = try await openSecret(secret, caller: caller)
            let owner = try NewUser(email: email, name: name, password: password)
            let origin = ScryptPool.Origin(address: caller.address, isKnown: true)
            let passwordHash = try await passwords.hash(owner.password, from: origin)
            return try await create(owner, passwordHash: passwordHash, secret: hashes, caller: caller)
        } catch {
            if error.code != .invalidFields {
                denials.record(action: "setup.complete", code: error.code, caller: caller)
            }
            throw error
        }
    }

    /// Checks the secret before any work is done for it; it is used up only with the owner's creation.
    private func openSecret(_ text: String, caller: Caller) async throws(ControlPlaneError) -> [StoredHash] {
        let token = try OneTimeIssue.token(text, kind: .setup)
        let hashes = context.hasher.candidates(token)
        let now = context.now()
        try await context.lookUp(token, address: caller.address) { () throws(ControlPlaneError) in
            try await context.read { tx in
                guard try !MembershipStore.hasOwner(in: tx) else { throw Self.done }
                _ = try OneTimeIssue.find(hashes, now: now, in: tx)
            }
        }
        return hashes
    }

    private func create(
        _ owner: NewUser,
        passwordHash: PasswordHash,
        secret hashes: [StoredHash],
        caller: Caller
    ) async throws(ControlPlaneError) -> SignedIn {
        let session = SessionIssue(context: context, caller: caller)
        let ids = (context.ids.next(UserID.self), context.ids.next(MembershipID.self), context.ids.next(EventID.self))
        let user = UserAccount(
            id: ids.0,
            email: owner.email,
            name: owner.name,
            passwordHash: passwordHash.stored,
            passwordChangedAt: session.now,
            isServerAdministrator: true,
            createdAt: session.now,
            updatedAt: session.now
        )
        return try await context.write { tx in
            guard let organization = try OrganizationStore.all(in: tx).first else { throw OneTimeIssue.unknown }
            _ = try OrganizationStore.lock(organization.id, in: tx)
            guard try !MembershipStore.hasOwner(in: tx) else { throw Self.done }
            _ = try OneTimeIssue.consume(hashes, kind: .setup, now: session.now, in: tx)
            let role = Membership(role: OrganizationRole.owner, status: .active)
            guard try UserStore.insert(user, in: tx),
                try MembershipStore.insert(
                    role,
                    id: ids.1,
                    user: user.id,
                    organization: organization.id,
                    now: session.now,
                    in: tx
                )
            else { throw Self.done }
            let signedIn = try session.write(for: user, in: tx)
            let actor = try caller.identified(as: user, session: signedIn.session, in: tx)
            let event = actor.marked(.setup).auditEvent(
                id: ids.2,
                at: session.now,
                action: "setup.complete",
                target: AuditTarget(kind: "user", id: user.id.text)
            )
            try AuditStore.append(event, in: tx)
            return signedIn
        }
    }

    private static let done = ControlPlaneError(.setupDone, "This server has an owner already.")
}
