/// The agent's tokens, and the rules by which it presents, keeps and replaces them (ROT-4).
///
/// The shelf holds up to three tokens: the *confirmed* one, with which a channel was opened; a newer *unconfirmed* one,
/// stored by a rotation and not yet proven; and the last *superseded* one, for a server that was restored from a backup.
///
/// - Newest first: unconfirmed, confirmed, superseded; an older one only after the newer was called `InvalidToken`.
/// - An unconfirmed token is overwritten only after the server called it `InvalidToken`.
/// - Nothing is dropped but by a promotion; only `RevokedToken` and the three close codes erase.
///
/// What is marked as refused is never stored: each connection starts with the newest token again.
package struct TokenShelf: Sendable, Equatable {
    /// The places on the shelf, newest first.
    package enum Slot: Sendable, CaseIterable {
        case unconfirmed
        case confirmed
        case superseded
    }

    /// What a refused token leads to.
    package enum Refusal: Sendable, Equatable {
        /// Present the next older token at once.
        case tryOlder
        /// The server knows none of the tokens: keep all, wait long, start again; the agent needs a reset.
        case exhausted
        /// Keep all and try again later.
        case keep
        /// The credential is dead: erase.
        case erase
    }

    /// What an offered token leads to.
    package enum Offer: Sendable, Equatable {
        /// Write this shelf durably, then answer ok and prove the new token.
        case store(TokenShelf)
        /// It stands on the shelf already: answer ok and prove it.
        case alreadyHeld
        /// An unconfirmed token comes first: drop the offer and prove that one.
        case proveStored
        /// It was used before: answer with an error.
        case refuse
    }

    /// What a refused proof leads to.
    package enum ProofRefusal: Sendable, Equatable {
        /// Stay; the server issues anew.
        case awaitNext
        /// Reconnect, the unconfirmed token first.
        case reconnect
    }

    package private(set) var confirmed: StoredToken?
    package private(set) var unconfirmed: StoredToken?
    package private(set) var superseded: StoredToken?
    private var refused: Set<Slot> = []
    /// The place whose token opened the channel.
    package private(set) var openedWith: Slot?

    package init(confirmed: StoredToken?, unconfirmed: StoredToken? = nil, superseded: StoredToken? = nil) {
        self.confirmed = confirmed
        self.unconfirmed = unconfirmed
        self.superseded = superseded
    }

    package subscript(slot: Slot) -> StoredToken? {
        switch slot {
        case .unconfirmed: unconfirmed
        case .confirmed: confirmed
        case .superseded: superseded
        }
    }

    /// Whether there is no token at all.
    package var isEmpty: Bool { Slot.allCases.allSatisfy { self[$0] == nil } }

    /// The place whose token is presented next; nil only on an empty shelf.
    package var presented: Slot? { Slot.allCases.first { self[$0] != nil && !refused.contains($0) } }

    /// A new round of connecting begins, with the newest token.
    package mutating func beginConnecting() {
        refused = []
        openedWith = nil
    }

    /// The upgrade with the presented token was refused, with a problem code of the configured server or without one.
    package mutating func upgradeRefused(_ slot: Slot, code: String?) -> Refusal {
        switch code {
        case "RevokedToken": return .erase
        case "InvalidToken":
            refused.insert(slot)
            if presented != nil { return .tryOlder }
            beginConnecting()
            return .exhausted
        default: return .keep
        }
    }

    /// The server accepted the hello on a channel opened with this place's token; whether the shelf must be written.
    package mutating func opened(with slot: Slot) -> Bool {
        openedWith = slot
        guard slot == .unconfirmed, unconfirmed != nil else { return false }
        promote()
        return true
    }

    /// The server offers a new token on the newest channel.
    package func offered(_ token: StoredToken) -> Offer {
        if token.text == unconfirmed?.text || token.text == confirmed?.text { return .alreadyHeld }
        if token.text == superseded?.text { return .refuse }
        if unconfirmed != nil, !refused.contains(.unconfirmed) { return .proveStored }
        var shelf = self
        shelf.unconfirmed = token
        shelf.refused.remove(.unconfirmed)
        return .store(shelf)
    }

    /// The token to prove on the channel: the unconfirmed one, or the confirmed one if it was offered once more.
    package var toProve: StoredToken? { unconfirmed ?? confirmed }

    /// The server accepted a proof; whether the shelf must be written.
    package mutating func proved(_ token: SecretText) -> Bool {
        guard let unconfirmed, unconfirmed.text == token else { return false }
        promote()
        return true
    }

    /// The server refused a proof.
    package mutating func proofRefused(_ token: SecretText, code: String?) -> ProofRefusal {
        guard code == "InvalidToken" else { return .reconnect }
        if unconfirmed?.text == token { refused.insert(.unconfirmed) }
        return .awaitNext
    }

    private mutating func promote() {
        // On a channel opened with the superseded token that one was the server's current token until now.
        if openedWith != .superseded { superseded = confirmed }
        confirmed = unconfirmed
        unconfirmed = nil
        refused = []
        openedWith = .confirmed
    }
}
