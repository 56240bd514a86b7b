package import Domain

/// What the credential index has looked up in the store: each is looked up once at a time.
package enum IndexSubject: Hashable, Sendable {
    /// A text that somebody showed.
    case token(TokenHash)
    case api(ProtectedAPIID)
    /// What a session is worth in one organization.
    case session(TokenHash, OrganizationID)
}

/// What a look into the store found.
///
/// References on purpose: Swift 6.3, when it optimises, gives an asynchronous closure that returns large values a frame
/// that is too short.
package enum IndexFinding: Sendable {
    case nothing
    case token(IndexedToken)
    case session(ShownSession)
    case api(IndexedAPI)
}

/// A protected API as the index keeps it.
package final class IndexedAPI: Sendable {
    package let api: ProtectedAPI

    package init(_ api: ProtectedAPI) { self.api = api }
}

/// A session whose text was shown, before it is known for which organization.
package final class ShownSession: Sendable {
    let id: CredentialID
    let hash: TokenHash

    init(id: CredentialID, hash: TokenHash) {
        self.id = id
        self.hash = hash
    }
}

/// Whom a text that was shown belongs to.
enum ShownCredential: Sendable {
    case token(IndexedToken)
    case session(ShownSession)

    var id: CredentialID {
        switch self {
        case .token(let token): token.id
        case .session(let session): session.id
        }
    }
}
