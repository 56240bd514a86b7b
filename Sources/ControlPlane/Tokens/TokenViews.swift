package import Domain

/// A token as edges show it: never its text or a hash.
package struct TokenView: Sendable, Hashable {
    package let token: APIToken
    package let ownerName: String?
    package let lastUsedAt: Instant?
    package let lastAddress: String?
    /// For each scope what it gives now, and what withheld the rest (ORG-8).
    package let access: TokenAccess
    /// Why it is not as the organization's policy wants it now.
    package let outOfPolicy: [OrganizationPolicy.Reason]
}

/// A token with its text, which is shown this once.
package struct TokenGrant: Sendable {
    package let view: TokenView
    package let token: Token
}

/// What came of a rotation (ROT-13).
package enum TokenRotationReceipt: Sendable {
    /// The new text, for the owner or whoever may rotate a service token.
    case rotated(TokenGrant)
    /// The owner of the personal token collects the new text by this time; nobody else sees it.
    case required(TokenView, by: Instant)
}

/// What somebody wants to change of a token; name and scopes can't be cleared.
package struct APITokenPatch: Sendable, Hashable {
    package var name: FieldChange<String> = .keep
    package var description: FieldChange<String> = .keep
    package var scopes: FieldChange<[String]> = .keep
    package var tags: FieldChange<[String]> = .keep
    package var addresses: FieldChange<[String]> = .keep
    package var serves: FieldChange<String> = .keep
    /// The given figures replace all.
    package var limits: FieldChange<LimitFigures> = .keep

    package init() {}
}

/// Whom a new token is for.
package enum TokenOwnerChoice: Sendable, Hashable {
    case caller
    case serviceAccount(ServiceAccountID)
}
