/// What clients saw of credentials that were used and revoked; times are those of one monotonic clock.
struct History: Sendable {
    /// What an attempt to use a credential came to.
    enum Answer: Sendable, Hashable {
        case accepted
        /// Refused because the credential was revoked.
        case revoked
        /// Refused for any other reason that a server has to be sure of.
        case refused(String)
        /// Not checked (503), or not answered at all.
        case unchecked
    }

    /// One attempt to use a credential.
    struct Use: Sendable, Hashable {
        let credential: String
        let begun: Duration
        let ended: Duration
        let answer: Answer
        /// Where it was tried; says nothing to the checker.
        var node = 0
    }

    /// One attempt to revoke a credential.
    struct Revocation: Sendable, Hashable {
        let credential: String
        let begun: Duration
        /// When it was answered with success; nil if it was not, and may or may not have happened.
        let ended: Duration?
    }

    var uses: [Use] = []
    var revocations: [Revocation] = []
}
