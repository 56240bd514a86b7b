import Domain
import SQLDatabase
import Store

extension Sample {
    func user(_ email: String) -> UserAccount {
        guard let address = EmailAddress(email) else { preconditionFailure("\(email) is no address") }
        return UserAccount(
            id: ids.next(),
            email: address,
            name: "Someone",
            passwordHash: nil,
            passwordChangedAt: nil,
            isServerAdministrator: false,
            createdAt: start,
            updatedAt: start
        )
    }

    func join(
        _ user: UserAccount,
        _ membership: Membership<OrganizationRole>,
        in tx: borrowing Transaction
    ) throws {
        _ = try MembershipStore.insert(
            membership,
            id: ids.next(),
            user: user.id,
            organization: organization,
            now: start,
            in: tx
        )
    }

    func join(_ user: UserAccount, _ membership: Membership<WorkspaceRole>, in tx: borrowing Transaction) throws {
        _ = try MembershipStore.insert(
            membership,
            id: ids.next(),
            user: user.id,
            organization: organization,
            workspace: workspace,
            now: start,
            in: tx
        )
    }

    func memberships(of user: UserAccount, in tx: borrowing Transaction) throws -> Memberships {
        try MembershipStore.memberships(of: user.id, organization: organization, workspace: workspace, in: tx)
    }

    func account(_ name: String) -> ServiceAccount {
        ServiceAccount(
            id: ids.next(),
            organizationID: organization,
            workspaceID: workspace,
            name: name,
            description: "Ünïcode",
            role: .developer,
            createdBy: person,
            createdAt: start
        )
    }

    func token(_ name: String, of owner: APIToken.Owner, seed: UInt64, scopes: [Scope]) -> APIToken {
        guard let scopes = ScopeSet(scopes) else { preconditionFailure("a token has scopes") }
        return APIToken(
            id: ids.next(),
            organizationID: organization,
            workspaceID: workspace,
            owner: owner,
            profile: APITokenProfile(name: name, description: "Ünïcode", scopes: scopes),
            current: APIToken.Current(stamp: stamp(seed), issuedAt: start, expiresAt: start + .days(30)),
            createdBy: person,
            createdAt: start
        )
    }
}
