import ClavigerAgent
import Testing

@Suite("The agent's token shelf")
struct TokenShelfTests {
    static let texts = ["u", "c", "s"].map { "clv_ag_" + String(repeating: $0, count: 38) }
    static let fresh = StoredToken(text: SecretText("clv_ag_" + String(repeating: "n", count: 38)), rotationID: "rot_2")

    static func token(_ index: Int) -> StoredToken { StoredToken(text: SecretText(texts[index]), rotationID: "rot_1") }

    /// Every shelf there can be: which tokens stand on it, which were refused since the connecting began, and with which
    /// place's token the channel was opened, if it was.
    static let shelves: [TokenShelf] = {
        var all: [TokenShelf] = []
        for mask in 0..<8 {
            let slots = TokenShelf.Slot.allCases
            let start = TokenShelf(
                confirmed: mask & 2 != 0 ? token(1) : nil,
                unconfirmed: mask & 1 != 0 ? token(0) : nil,
                superseded: mask & 4 != 0 ? token(2) : nil
            )
            for refusals in 0...3 {
                var shelf = start
                shelf.beginConnecting()
                for _ in 0..<refusals {
                    guard let slot = shelf.presented else { break }
                    _ = shelf.upgradeRefused(slot, code: "InvalidToken")
                }
                all.append(shelf)
                for slot in slots where shelf[slot] != nil {
                    var opened = shelf
                    _ = opened.opened(with: slot)
                    all.append(opened)
                }
            }
        }
        return all
    }()

    static let codes: [String?] = [
        nil, "InvalidToken", "ExpiredToken", "RevokedToken", "RotatedOutToken", "SuspendedToken", "Blocked",
        "AgentPaused", "WrongCredentialKind", "TooManyAttempts", "Unavailable", "ProofFailed", "Whatever",
    ]

    private func tokens(_ shelf: TokenShelf) -> Set<String> {
        Set(TokenShelf.Slot.allCases.compactMap { shelf[$0]?.text.revealed() })
    }

    @Test("ROT-4: the newest stored token is presented first, whatever was refused before")
    func newestFirst() {
        for var shelf in Self.shelves {
            shelf.beginConnecting()
            let newest = TokenShelf.Slot.allCases.first { shelf[$0] != nil }
            #expect(shelf.presented == newest)
        }
    }

    @Test("ROT-4: only InvalidToken leads to an older token, and to the next older one", arguments: codes)
    func fallback(code: String?) {
        for shelf in Self.shelves {
            guard let slot = shelf.presented else { continue }
            var after = shelf
            let refusal = after.upgradeRefused(slot, code: code)
            #expect(tokens(after) == tokens(shelf), "a refusal drops nothing")
            switch code {
            case "InvalidToken":
                let order = TokenShelf.Slot.allCases
                let older = order.drop { $0 != slot }.dropFirst().first { shelf[$0] != nil }
                #expect(refusal == (older == nil ? .exhausted : .tryOlder))
                if let older { #expect(after.presented == older) }
            case "RevokedToken": #expect(refusal == .erase)
            default:
                #expect(refusal == .keep)
                #expect(after == shelf)
            }
        }
    }

    @Test("ROT-4: after the last token was refused the next round starts with the newest again")
    func exhausted() {
        for var shelf in Self.shelves where !shelf.isEmpty {
            var rounds = 0
            while let slot = shelf.presented, shelf.upgradeRefused(slot, code: "InvalidToken") == .tryOlder {
                rounds += 1
            }
            #expect(rounds < 3)
            #expect(shelf.presented == TokenShelf.Slot.allCases.first { shelf[$0] != nil })
        }
    }

    @Test("ROT-4: a channel opened with the unconfirmed token promotes it and keeps the one before")
    func opened() {
        for shelf in Self.shelves {
            for slot in TokenShelf.Slot.allCases where shelf[slot] != nil {
                var after = shelf
                let changed = after.opened(with: slot)
                #expect(changed == (slot == .unconfirmed))
                guard changed else {
                    #expect(tokens(after) == tokens(shelf))
                    continue
                }
                #expect(after.confirmed == shelf.unconfirmed)
                #expect(after.unconfirmed == nil)
                #expect(after.superseded == shelf.confirmed)
            }
        }
    }

    @Test("ROT-4: an unconfirmed token is overwritten only after the server called it invalid")
    func neverOverwrites() {
        for shelf in Self.shelves {
            switch shelf.offered(Self.fresh) {
            case .store(let next):
                #expect(next.unconfirmed == Self.fresh)
                #expect(next.confirmed == shelf.confirmed)
                #expect(next.superseded == shelf.superseded)
                if shelf.unconfirmed != nil {
                    var proof = shelf
                    proof.beginConnecting()
                    #expect(proof.offered(Self.fresh) == .proveStored, "without a refusal it would be proven first")
                }
            case .proveStored: #expect(shelf.unconfirmed != nil)
            case .alreadyHeld, .refuse: Issue.record("a fresh token is neither held nor used")
            }
        }
    }

    @Test("ROT-4: a token that is offered again is proven again and changes nothing")
    func offeredAgain() {
        for shelf in Self.shelves {
            if let token = shelf.unconfirmed { #expect(shelf.offered(token) == .alreadyHeld) }
            if let token = shelf.confirmed { #expect(shelf.offered(token) == .alreadyHeld) }
            if let token = shelf.superseded, token != shelf.confirmed, token != shelf.unconfirmed {
                #expect(shelf.offered(token) == .refuse)
            }
        }
    }

    @Test("ROT-4: a proof promotes only the unconfirmed token that was proven")
    func proved() {
        for shelf in Self.shelves {
            var other = shelf
            let isProved = other.proved(Self.fresh.text)
            #expect(!isProved)
            #expect(other == shelf)
            guard let unconfirmed = shelf.unconfirmed else { continue }
            var after = shelf
            let changed = after.proved(unconfirmed.text)
            #expect(changed)
            #expect(after.confirmed == unconfirmed)
            #expect(after.unconfirmed == nil)
            let previous = shelf.openedWith == .superseded ? shelf.superseded : shelf.confirmed
            #expect(after.superseded == previous, "the token that was current until now is kept")
        }
    }

    @Test("ROT-4: a refused proof keeps the token; only InvalidToken lets the next one replace it", arguments: codes)
    func proofRefused(code: String?) {
        for shelf in Self.shelves {
            guard let unconfirmed = shelf.unconfirmed else { continue }
            var after = shelf
            let outcome = after.proofRefused(unconfirmed.text, code: code)
            #expect(tokens(after) == tokens(shelf))
            #expect(outcome == (code == "InvalidToken" ? .awaitNext : .reconnect))
            if code == "InvalidToken" {
                guard case .store = after.offered(Self.fresh) else {
                    Issue.record("the next token must be taken")
                    return
                }
            }
        }
    }

    @Test("a token never prints")
    func redacted() {
        let token = Self.token(0)
        var dumped = ""
        dump(token, to: &dumped)
        for text in ["\(token)", String(describing: token.text), String(reflecting: token.text), dumped] {
            #expect(!text.contains(Self.texts[0]))
        }
        #expect(StoredToken.hasShape(Self.texts[0]))
        for bad in [
            "", "clv_ag_", Self.texts[0] + "x", "clv_in_" + String(repeating: "u", count: 38),
            "clv_ag_" + String(repeating: "-", count: 38),
        ] {
            #expect(!StoredToken.hasShape(bad))
        }
    }
}
