package import Domain
internal import SQLDatabase
internal import Store

/// Invitations into an organization: a secret for one use and seven days, in the fragment of a link.
///
/// Whoever invites gives no more than they have. Only the invited person can accept: somebody new by choosing a
/// password, somebody with an account by their password or their session; a link alone opens no existing account.
package struct InvitationService: Sendable {
    /// How long an invitation can be accepted.
    package static let life = Duration.days(7)

    let context: ControlPlaneContext
    let accounts: AccountService

    package init(context: ControlPlaneContext, accounts: AccountService) {
        self.context = context
        self.accounts = accounts
    }

    /// Invites a person, or invites them anew: the link before is worthless then.
    package func invite(_ draft: InvitationDraft, caller: Caller) async throws(ControlPlaneError) -> InvitationGrant {
        try await context.authorize(caller, .membersInvite, as: "invitation.create")
        let organization = try caller.requireOrganization()
        let writing = try InvitationWriting(draft, organization, context)
        let eventID = context.ids.next(EventID.self)
        let invited = try await context.changeAccess(as: "invitation.create", target: nil, caller: caller) { tx in
            _ = try OrganizationStore.lock(organization, in: tx)
            let standing = try CallerStanding(of: caller, organization: organization, in: tx)
            try standing.require(.membersInvite)
            let wanted = try draft.checked(organization, in: tx)
            try standing.checkOwner(wanted.membership.role)
            try standing.check(wanted.membership.worth)
            for place in wanted.workspaces {
                let there = try CallerStanding(
                    of: caller,
                    organization: organization,
                    workspace: place.workspace.id,
                    in: tx
                )
                try there.check(place.role.permissionSet)
            }
            let view = try writing.perform(wanted, by: caller.actor, standing: standing, in: tx)
            let event = caller.auditEvent(
                id: eventID,
                at: writing.issue.now,
                action: "invitation.create",
                target: .member(view.memberID),
                after: wanted.membership.auditJSON,
                details: writing.auditJSON
            )
            try AuditStore.append(event, in: tx)
            return view
        }
        return InvitationGrant(invitation: invited, token: writing.issue.token, publicURL: context.publicURL)
    }

    /// The invitations that can still be accepted, newest first.
    package func list(caller: Caller) async throws(ControlPlaneError) -> [InvitationView] {
        try await context.authorize(caller, .membersRead, as: "invitation.list")
        let organization = try caller.requireOrganization()
        let now = context.now()
        return try await context.read { tx in
            try OneTimeSecretStore.invitations(to: organization, now: now, in: tx)
                .compactMap { try InvitationView($0, organization, in: tx) }
        }
    }

    /// Makes an invitation worthless.
    package func revoke(_ id: CredentialID, caller: Caller) async throws(ControlPlaneError) {
        let target = AuditTarget(kind: "invitation", id: id.text)
        try await context.authorize(caller, .membersInvite, as: "invitation.revoke", target: target)
        let organization = try caller.requireOrganization()
        let (now, eventID) = (context.now(), context.ids.next(EventID.self))
        try await context.changeAccess(as: "invitation.revoke", target: target, caller: caller, isUrgent: true) { tx in
            _ = try OrganizationStore.lock(organization, in: tx)
            let standing = try CallerStanding(of: caller, organization: organization, in: tx)
            try standing.require(.membersInvite)
            let found = try OneTimeSecretStore.invitation(id, to: organization, now: now, in: tx)
            guard let user = found?.userID,
                let member = try MemberStore.find(user, organization: organization, in: tx),
                member.membership.status == .invited
            else { throw ControlPlaneError.notFound("invitation") }
            try standing.checkOwner(member.membership.role)
            try standing.check(member.membership.worth)
            try OneTimeSecretStore.withdrawInvitations(of: user, organization: organization, now: now, in: tx)
            try member.move(to: .removed, now: now, in: tx)
            let event = caller.auditEvent(
                id: eventID,
                at: now,
                action: "invitation.revoke",
                target: .member(member.id),
                before: member.membership.auditJSON
            )
            try AuditStore.append(event, in: tx)
        }
    }
}

extension Member {
    /// Gives a membership that is only invited, and those in workspaces with it, the next status.
    func move(to status: MembershipStatus, now: Instant, in tx: borrowing Transaction) throws {
        let next = try membership.moved(to: status)
        if status == .removed { try MemberStore.leaveWorkspaces(of: userID, organization: organizationID, in: tx) }
        guard
            try MembershipStore.change(to: next, user: userID, organization: organizationID, now: now, in: tx)
        else { throw ControlPlaneError.lostRace }
        try MemberStore.moveWorkspaces(
            of: userID,
            organization: organizationID,
            from: [.invited],
            to: status,
            now: now,
            in: tx
        )
    }
}
