/// One use of a token, as whoever checks it sees it.
package struct TokenUse: Hashable, Sendable {
    /// Which text of the token was shown.
    package enum Text: Hashable, Sendable {
        case current, previous
        /// One that was current once and is past its grace.
        case retired
    }

    package enum Address: Hashable, Sendable {
        case known(IPAddress)
        /// None was told, or none that a configured proxy vouches for.
        case unknown
    }

    package var text: Text
    package var address: Address
    /// What the request is about to do, as scopes: ours or registered ones.
    package var wants: [Scope]
    /// Absent at Claviger's own API.
    package var api: ProtectedAPI?
    /// The organization for which is asked; absent at Claviger's own API.
    package var organizationID: OrganizationID?

    package init(
        text: Text,
        address: Address,
        wants: [Scope] = [],
        api: ProtectedAPI? = nil,
        organizationID: OrganizationID? = nil
    ) {
        self.text = text
        self.address = address
        self.wants = wants
        self.api = api
        self.organizationID = organizationID ?? api?.organizationID
    }
}
