internal import Domain
internal import SQLDatabase
internal import Store
internal import StrictJSON

/// The transaction that invites somebody, with everything that was made before it.
struct InvitationWriting: Sendable {
    /// A workspace that exists, as against the one that a draft names.
    typealias Room = Workspace

    /// What was asked for, after its check.
    struct Wanted: Sendable {
        let email: EmailAddress
        let membership: Membership<OrganizationRole>
        let workspaces: [(workspace: Room, role: WorkspaceRole)]
    }

    let issue: OneTimeIssue
    let organization: OrganizationID
    private let userID: UserID
    private let membershipID: MembershipID
    private let workspaceIDs: [MembershipID]

    init(
        _ draft: InvitationDraft,
        _ organization: OrganizationID,
        _ context: ControlPlaneContext
    ) throws(ControlPlaneError) {
        guard draft.workspaces.count <= InvitationDraft.maximumWorkspaces else {
            let message = "must be at most \(InvitationDraft.maximumWorkspaces)"
            throw .invalid([FieldFault(path: "/workspaces", message: message)])
        }
        issue = OneTimeIssue(kind: .invitation, life: InvitationService.life, context: context)
        self.organization = organization
        userID = context.ids.next()
        membershipID = context.ids.next()
        workspaceIDs = draft.workspaces.map { _ in context.ids.next() }
    }

    /// What audit keeps of the secret.
    var auditJSON: String {
        JSONValue.object(["invitation": .string(issue.id.text), "prefix": .string(issue.stamp.prefix)]).text
    }

    /// Writes account, memberships and secret; `standing` and `inviter` are absent where the server itself invites.
    func perform(
        _ wanted: Wanted,
        by inviter: Actor? = nil,
        standing: CallerStanding?,
        in tx: borrowing Transaction
    ) throws -> InvitationView {
        let user = try account(wanted.email, in: tx)
        try writeMembership(wanted.membership, of: user, standing, in: tx)
        for (id, place) in zip(workspaceIDs, wanted.workspaces) {
            try writePlace(Membership(role: place.role, status: .invited), id, place.workspace.id, user, in: tx)
        }
        try OneTimeSecretStore.withdrawInvitations(of: user, organization: organization, now: issue.now, in: tx)
        let secret = OneTimeSecret(
            id: issue.id,
            kind: .invitation,
            stamp: issue.stamp,
            userID: user,
            organizationID: organization,
            createdBy: inviter,
            createdAt: issue.now,
            expiresAt: issue.expiresAt
        )
        try OneTimeSecretStore.insert(secret, in: tx)
        guard let view = try InvitationView(secret, organization, in: tx) else { throw ControlPlaneError.lostRace }
        return view
    }

    /// The account of the address; one without a password is made if there is none, and nobody can sign in to it.
    private func account(_ email: EmailAddress, in tx: borrowing Transaction) throws -> UserID {
        if let known = try UserStore.find(email: email, in: tx) { return known.id }
        let user = UserAccount(
            id: userID,
            email: email,
            name: email.text,
            passwordHash: nil,
            passwordChangedAt: nil,
            createdAt: issue.now,
            updatedAt: issue.now
        )
        guard try UserStore.insert(user, in: tx) else { throw ControlPlaneError.lostRace }
        return userID
    }

    private func writeMembership(
        _ membership: Membership<OrganizationRole>,
        of user: UserID,
        _ standing: CallerStanding?,
        in tx: borrowing Transaction
    ) throws {
        let now = issue.now
        guard let member = try MemberStore.find(user, organization: organization, in: tx) else {
            let isAdded = try MembershipStore.insert(
                membership,
                id: membershipID,
                user: user,
                organization: organization,
                now: now,
                in: tx
            )
            guard isAdded else { throw ControlPlaneError.lostRace }
            return
        }
        let before = member.membership
        guard before.status.mayBecome(.invited) else { throw ControlPlaneError.illegalStatus(before.status) }
        if before.status == .invited {
            try standing?.checkOwner(before.role)
            try standing?.check(before.worth)
        }
        guard try MembershipStore.change(to: membership, user: user, organization: organization, now: now, in: tx)
        else { throw ControlPlaneError.lostRace }
        try MemberStore.leaveWorkspaces(of: user, organization: organization, in: tx)
    }

    private func writePlace(
        _ membership: Membership<WorkspaceRole>,
        _ id: MembershipID,
        _ workspace: WorkspaceID,
        _ user: UserID,
        in tx: borrowing Transaction
    ) throws {
        let isAdded = try MembershipStore.insert(
            membership,
            id: id,
            user: user,
            organization: organization,
            workspace: workspace,
            now: issue.now,
            in: tx
        )
        guard isAdded else { throw ControlPlaneError.lostRace }
    }
}

extension InvitationDraft {
    /// Reads the fields with the roles and workspaces of the organization, or names every fault.
    func checked(_ organization: OrganizationID, in tx: borrowing Transaction) throws -> InvitationWriting.Wanted {
        var faults: [FieldFault] = []
        let address = EmailAddress(email)
        if address == nil { faults.append(FieldFault(path: "/email", message: "must be an e-mail address")) }
        var places: [(workspace: InvitationWriting.Room, role: WorkspaceRole)] = []
        for (number, place) in workspaces.enumerated() {
            let path = "/workspaces/\(number)"
            let id = WorkspaceID(place.id)
            let found = try id.flatMap { try OrganizationStore.get($0, organization: organization, in: tx) }
            let role = WorkspaceRole(rawValue: place.role)
            if found == nil { faults.append(FieldFault(path: "\(path)/id", message: "must be a workspace's id")) }
            if role == nil {
                let known = WorkspaceRole.allCases.map(\.rawValue).joined(separator: ", ")
                faults.append(FieldFault(path: "\(path)/role", message: "must be one of \(known)"))
            }
            guard let found, let role else { continue }
            if places.contains(where: { $0.workspace.id == found.id }) {
                faults.append(FieldFault(path: "\(path)/id", message: "must not stand twice in the list"))
            }
            places.append((found, role))
        }
        var patch = MembershipPatch()
        patch.role = role
        if let customRoleID { patch.customRole = .set(customRoleID) }
        let fresh = Membership(role: OrganizationRole.member, status: .invited)
        var membership = fresh
        do {
            membership = try patch.applied(to: fresh, organization: organization, in: tx)
        } catch let error as ControlPlaneError where error.code == .invalidFields {
            faults += error.fields
        }
        guard let address, faults.isEmpty else { throw ControlPlaneError.invalid(faults) }
        return InvitationWriting.Wanted(email: address, membership: membership, workspaces: places)
    }
}
