import ClavigerAgent
import Testing

/// A server reduced to what it knows of one credential's tokens.
private struct ModelServer {
    var current: Int
    var pending: Int?
    var previous: Int?
    var retired: Set<Int> = []
    private var issued = 0

    init(current: Int) {
        self.current = current
        issued = current
    }

    mutating func issue() -> Int {
        issued += 1
        pending = issued
        return issued
    }

    mutating func withdraw() { pending = nil }

    mutating func endGrace() {
        if let previous { retired.insert(previous) }
        previous = nil
    }

    /// A channel or a proof with this token: nil if taken, else the problem code.
    ///
    /// A pending token is promoted.
    mutating func present(_ token: Int) -> String? {
        if token == pending {
            endGrace()
            previous = current
            current = token
            pending = nil
            return nil
        }
        if token == current || token == previous { return nil }
        return retired.contains(token) ? "RotatedOutToken" : "InvalidToken"
    }
}

@Suite("Rotation seen from the agent")
struct RotationModelTests {
    private func token(_ number: Int) -> StoredToken {
        let digits = String(number)
        let text = "clv_ag_" + String(repeating: "0", count: 38 - digits.count) + digits
        return StoredToken(text: SecretText(text))
    }

    private func number(_ token: StoredToken?) -> Int {
        token.flatMap { Int($0.text.revealed().dropFirst(7)) } ?? -1
    }

    @Test(
        "ROT-4: no crash, loss or delay at any step strands the agent",
        arguments: [1, 0xC1A5, 0x0BAD_5EED] as [UInt64]
    )
    func neverStranded(seed: UInt64) {
        var chance = Chance(seed: seed)
        var server = ModelServer(current: 1)
        var disk = TokenShelf(confirmed: token(1))
        for step in 0..<40_000 {
            // The agent starts from its disk: a crash or a lost connection ended whatever was before.
            var shelf = TokenShelf(
                confirmed: disk.confirmed,
                unconfirmed: disk.unconfirmed,
                superseded: disk.superseded
            )
            guard let slot = connect(&shelf, &server) else {
                Issue.record("stranded at step \(step), seed \(seed)")
                return
            }
            let opensWithPrevious = number(shelf[slot]) == server.previous
            if chance.lost(4) { continue }  // the answer to the hello
            if shelf.opened(with: slot), !chance.lost(6) { disk = shelf }
            if opensWithPrevious || server.previous != nil, !chance.lost(2) { server.endGrace() }
            if server.previous != nil { continue }
            rotate(&shelf, &disk, &server, &chance)
            if chance.lost(9) { server.withdraw() }  // paused, cancelled
        }
    }

    private func connect(_ shelf: inout TokenShelf, _ server: inout ModelServer) -> TokenShelf.Slot? {
        shelf.beginConnecting()
        while let slot = shelf.presented {
            guard let problem = server.present(number(shelf[slot])) else { return slot }
            guard shelf.upgradeRefused(slot, code: problem) == .tryOlder else { return nil }
        }
        return nil
    }

    private func rotate(
        _ shelf: inout TokenShelf,
        _ disk: inout TokenShelf,
        _ server: inout ModelServer,
        _ chance: inout Chance
    ) {
        for _ in 0..<chance.below(4) {
            let offered = token(server.pending.flatMap { chance.lost(2) ? $0 : nil } ?? server.issue())
            if chance.lost(5) { continue }  // the frame
            switch shelf.offered(offered) {
            case .store(let next):
                if chance.lost(8) { return }  // the agent dies before the write
                shelf = next
                disk = next
                if chance.lost(6) { return }  // and after it
            case .alreadyHeld, .proveStored: break
            case .refuse: return
            }
            guard let proven = shelf.toProve else { return }
            if chance.lost(5) { continue }  // the proof
            let problem = server.present(number(proven))
            if chance.lost(5) { return }  // its answer
            if let problem {
                _ = shelf.proofRefused(proven.text, code: problem)
            } else if shelf.proved(proven.text), !chance.lost(8) {
                disk = shelf
            }
        }
    }

    @Test("ROT-4: a server restored from a backup is reached with the superseded token and rotates it")
    func restoredServer() {
        var shelf = TokenShelf(confirmed: token(2), superseded: token(1))
        var server = ModelServer(current: 1)
        let slot = connect(&shelf, &server)
        #expect(slot == .superseded)
        let isWritten = shelf.opened(with: .superseded)
        #expect(!isWritten)
        let fresh = token(7)
        guard case .store(let next) = shelf.offered(fresh) else {
            Issue.record("the rotation must be taken")
            return
        }
        shelf = next
        let changed = shelf.proved(fresh.text)
        #expect(changed)
        #expect(shelf.confirmed == fresh)
        #expect(shelf.superseded == token(1))
    }
}

/// Random choices with a seed, so that a failure can be repeated.
struct Chance {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func below(_ limit: UInt64) -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return (state >> 33) % limit
    }

    /// True once in so many times.
    mutating func lost(_ often: UInt64) -> Bool { below(often) == 0 }
}
