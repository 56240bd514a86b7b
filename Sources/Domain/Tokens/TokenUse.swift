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

    /// What the request is about to do.
    package enum Want: Hashable, Sendable {
        /// An action of Claviger's own API, at a route.
        case action(ScopeAction, agent: AgentID?, route: ScopeRoute?)
        /// A scope by name, ours or a registered one.
        case scope(Scope)
    }

    package var text: Text
    package var address: Address
    package var wants: [Want]
    /// Absent at Claviger's own API.
    package var api: ProtectedAPI?
    /// The organization for which is asked; absent at Claviger's own API.
    package var organizationID: OrganizationID?

    package init(
        text: Text,
        address: Address,
        wants: [Want] = [],
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
