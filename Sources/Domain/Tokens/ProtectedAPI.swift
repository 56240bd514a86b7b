/// An API that asks Claviger whether tokens are good (TOK-5).
package struct ProtectedAPI: Hashable, Sendable, Identifiable {
    package let id: ProtectedAPIID
    package let organizationID: OrganizationID
    package var name: String
    /// If set, only tokens that say they serve it are accepted.
    package var audience: String?
    /// What every token needs there, whatever the request wants.
    package var requiredScopes: [Scope]
    package var acceptedKinds: Set<TokenKind>

    /// What is accepted where nothing else was said, and where no API is named.
    package static let defaultKinds: Set<TokenKind> = [.personal, .service]
    /// What can be accepted; installations and links prove themselves at doors of their own.
    package static let possibleKinds: Set<TokenKind> = [.personal, .service, .session, .agent]

    package init(
        id: ProtectedAPIID,
        organizationID: OrganizationID,
        name: String,
        audience: String? = nil,
        requiredScopes: [Scope] = [],
        acceptedKinds: Set<TokenKind> = defaultKinds
    ) {
        self.id = id
        self.organizationID = organizationID
        self.name = name
        self.audience = audience
        self.requiredScopes = requiredScopes
        self.acceptedKinds = acceptedKinds.intersection(Self.possibleKinds)
    }
}
