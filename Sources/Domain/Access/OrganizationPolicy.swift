/// What an organization demands of its credentials (ORG-9); every part that is absent demands nothing.
///
/// Scopes and addresses count at every use; lifetimes, the count and intervals at creation and rotation, and tokens
/// that are older than the policy are listed by ``outOfPolicy(_:roles:routes:now:)``.
package struct OrganizationPolicy: Hashable, Sendable {
    /// What the parts tell apart.
    ///
    /// The tokens of agents live as long as the setting `agent_token_rotation_days` says, and renew themselves.
    package enum CredentialKind: String, CaseIterable, Sendable {
        case personal, service
    }

    /// The longest life a text may have; a kind with one needs an expiry.
    package var maximumLifetime: [CredentialKind: Duration]
    package var expiryRequired: Set<CredentialKind>
    /// What tokens of owners with this role may carry; a role that isn't named may carry everything it holds.
    package var allowedScopes: [AccessRole: ScopeSet]
    /// Whether service tokens need an address list.
    package var serviceTokensNeedAddresses: Bool
    /// How many tokens that aren't revoked one owner may have.
    package var maximumTokensPerOwner: Int?
    /// After how long a text should have been rotated.
    package var rotationInterval: [CredentialKind: Duration]
    /// Whether an agent's environment variables may stand over central keys; absent for the server's setting.
    package var environmentOverridesKeys: Bool?

    package static let none = OrganizationPolicy()

    package init(
        maximumLifetime: [CredentialKind: Duration] = [:],
        expiryRequired: Set<CredentialKind> = [],
        allowedScopes: [AccessRole: ScopeSet] = [:],
        serviceTokensNeedAddresses: Bool = false,
        maximumTokensPerOwner: Int? = nil,
        rotationInterval: [CredentialKind: Duration] = [:],
        environmentOverridesKeys: Bool? = nil
    ) {
        self.maximumLifetime = maximumLifetime
        self.expiryRequired = expiryRequired
        self.allowedScopes = allowedScopes
        self.serviceTokensNeedAddresses = serviceTokensNeedAddresses
        self.maximumTokensPerOwner = maximumTokensPerOwner
        self.rotationInterval = rotationInterval
        self.environmentOverridesKeys = environmentOverridesKeys
    }

    /// What bounds tokens of an owner with these roles; all of them have to be kept.
    package func bounds(for roles: [AccessRole]) -> [ScopeSet] {
        roles.compactMap { allowedScopes[$0] }
    }

    /// Whether a token of this kind may be used, as far as its address list goes.
    package func acceptsAddresses(_ addresses: [AddressRange], kind: APIToken.Kind) -> Bool {
        kind == .personal || !serviceTokensNeedAddresses || !addresses.isEmpty
    }
}

extension APIToken.Kind {
    package var policyKind: OrganizationPolicy.CredentialKind { self == .personal ? .personal : .service }
}
