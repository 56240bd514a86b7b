import Domain

/// A token of the model: a number whose stamp the server knows.
struct ModelToken: Hashable, Sendable {
    let number: Int
    let stamp: TokenStamp

    init(number: Int) {
        self.number = number
        var bytes = [UInt8](repeating: 0, count: 32)
        for place in 0..<8 { bytes[place] = UInt8(truncatingIfNeeded: number >> (8 * place)) }
        guard let hash = TokenHash(bytes: bytes) else { preconditionFailure("32 bytes are a hash") }
        stamp = TokenStamp(hash: StoredHash(pepperID: 1, hash: hash), prefix: "clv_ag_\(number)")
    }

    static func == (left: ModelToken, right: ModelToken) -> Bool { left.number == right.number }

    func hash(into hasher: inout Hasher) { hasher.combine(number) }
}

/// The daemon's rules of ROT-4, as far as the tokens it stores go.
struct AgentShelf: Hashable, Sendable {
    var confirmed: ModelToken
    /// Stored durably and not yet proven.
    var unconfirmed: ModelToken?
    var superseded: ModelToken?

    init(confirmed: ModelToken) {
        self.confirmed = confirmed
    }

    /// What it presents, the newest first; the next one only after `InvalidToken`.
    var presented: [ModelToken] { [unconfirmed, confirmed, superseded].compactMap { $0 } }

    /// A channel opened with this token, or it was proven on one; newer ones were refused as invalid.
    mutating func accepted(_ token: ModelToken) {
        if token == unconfirmed {
            superseded = confirmed
            confirmed = token
        } else if token == superseded {
            confirmed = token
            superseded = nil
        }
        unconfirmed = nil
    }

    /// The proof of a stored token was refused.
    mutating func refused(_ token: ModelToken) {
        if unconfirmed == token { unconfirmed = nil }
    }

    /// What it does with a token that was sent: an unconfirmed one is proven first and never overwritten.
    enum Reaction: Hashable {
        case store
        case proveFirst(ModelToken)
    }

    func reaction(to token: ModelToken) -> Reaction {
        guard let unconfirmed, unconfirmed != token else { return .store }
        return .proveFirst(unconfirmed)
    }
}
