internal import Crypto

/// Turns tokens into the hashes that the store knows.
///
/// A leaked database can neither confirm nor forge a token, for the pepper lies sealed in it. Tokens are found by
/// looking their keyed hash up, so that no comparison depends on a secret's bytes.
package struct TokenHasher: Sendable {
    private struct Prepared: Sendable {
        let pepperID: Int64
        let state: HMAC<SHA256>
    }

    private let newest: Prepared
    private let older: [Prepared]

    /// A hasher under these peppers, the newest first.
    package init(newest: Pepper, older: [Pepper] = []) {
        self.newest = Self.prepare(newest)
        self.older = older.map(Self.prepare)
    }

    /// A hasher under these peppers, the newest first; `nil` without any.
    package init?(peppers: [Pepper]) {
        guard let newest = peppers.first else { return nil }
        self.init(newest: newest, older: Array(peppers.dropFirst()))
    }

    private static func prepare(_ pepper: Pepper) -> Prepared {
        Prepared(pepperID: pepper.id, state: HMAC<SHA256>(key: SymmetricKey(data: pepper.secret)))
    }

    /// The hash to store: under the newest pepper.
    package func hash(_ token: Token) -> StoredHash {
        Self.hash(token, with: newest)
    }

    /// The hashes to look for: under every pepper there is, the newest first.
    package func candidates(_ token: Token) -> [StoredHash] {
        [hash(token)] + older.map { Self.hash(token, with: $0) }
    }

    private static func hash(_ token: Token, with prepared: Prepared) -> StoredHash {
        var state = prepared.state
        var text = token.revealed()
        text.withUTF8 { state.update(data: UnsafeRawBufferPointer($0)) }
        return StoredHash(pepperID: prepared.pepperID, hash: TokenHash(code: state.finalize()))
    }
}
