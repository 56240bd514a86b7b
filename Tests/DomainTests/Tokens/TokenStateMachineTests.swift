import Domain
import Testing

@Suite("The life of a token")
struct TokenStateMachineTests {
    static let table: [TokenEvent: [APIToken.State: APIToken.State]] = [
        .pause: [.live: .paused, .paused: .paused],
        .resume: [.live: .live, .paused: .live],
        .suspend: [.live: .suspended, .paused: .suspended, .suspended: .suspended],
        .revoke: [.live: .revoked, .paused: .revoked, .suspended: .revoked, .revoked: .revoked],
        .rotate: [.live: .live],
        .requireRotation: [.live: .live, .paused: .paused, .suspended: .suspended],
    ]

    func fire(_ event: TokenEvent, _ machine: inout TokenStateMachine) throws(TokenEventRefusal) {
        switch event {
        case .pause: _ = try machine.pause()
        case .resume: _ = try machine.resume()
        case .suspend: _ = try machine.suspend()
        case .revoke: _ = machine.revoke(now: start)
        case .rotate: try machine.rotate(.init(stamp: stamp(2), asker: .owner, expiresAt: nil), now: start)
        case .requireRotation: _ = try machine.requireRotation(now: start)
        }
    }

    @Test("TOK-1, ROT-13: every event in every state", arguments: TokenEvent.allCases, APIToken.State.allCases)
    func table(event: TokenEvent, state: APIToken.State) throws {
        let token = try TokenWorld.token(state: state)
        var machine = TokenStateMachine(token)
        if let next = Self.table[event]?[state] {
            #expect(throws: Never.self) { try fire(event, &machine) }
            #expect(machine.token.state == next)
            let isChange = next != state || event == .rotate || event == .requireRotation
            #expect(machine.token.version == token.version + (isChange ? 1 : 0))
        } else {
            #expect(throws: TokenEventRefusal.notIn(state, event)) { try fire(event, &machine) }
            #expect(machine.token == token)
        }
    }

    @Test("TOK-1: a plain resume doesn't lift a suspension, and one that may does")
    func suspension() throws {
        var machine = TokenStateMachine(try TokenWorld.token(state: .suspended))
        #expect(throws: TokenEventRefusal.notIn(.suspended, .resume)) { try machine.resume() }
        #expect(try machine.resume(liftsSuspension: true))
        #expect(machine.token.state == .live)
        machine = TokenStateMachine(try TokenWorld.token(state: .revoked))
        #expect(throws: TokenEventRefusal.notIn(.revoked, .resume)) { try machine.resume(liftsSuspension: true) }
    }

    typealias Grace = (kind: APIToken.Kind, asker: TokenRotation.Asker, chosen: Int?, seconds: Int?)

    @Test(
        "ROT-13: the grace of each kind, at its default, its least, its most and beyond",
        arguments: [
            (.service, .owner, nil, 86_400), (.service, .other, nil, 86_400), (.service, .owner, 0, 0),
            (.service, .owner, 1, 1), (.service, .owner, 604_800, 604_800), (.service, .owner, 604_801, nil),
            (.service, .owner, -1, nil), (.personal, .owner, nil, 0), (.personal, .owner, 604_800, 604_800),
            (.personal, .itself, nil, 3600), (.personal, .itself, 3600, 3600), (.personal, .itself, 3599, nil),
            (.service, .itself, nil, 86_400), (.service, .itself, 0, nil), (.service, .itself, 604_801, nil),
        ] as [Grace]
    )
    func grace(_ row: Grace) throws {
        var machine = TokenStateMachine(try TokenWorld.token(row.kind))
        let order = TokenRotation(
            stamp: stamp(2),
            asker: row.asker,
            grace: row.chosen.map { .seconds($0) },
            expiresAt: start + .days(60)
        )
        guard let seconds = row.seconds else {
            let shortest = row.asker == .itself ? 3600 : 0
            #expect(throws: TokenEventRefusal.graceOutOfRange(shortest...604_800)) {
                try machine.rotate(order, now: start)
            }
            return
        }
        try machine.rotate(order, now: start)
        #expect(machine.token.generation == 2 && machine.token.current.stamp == stamp(2))
        #expect(machine.token.previous?.validUntil == (seconds == 0 ? nil : start + .seconds(seconds)))
        #expect(machine.retired.map(\.reason) == (seconds == 0 ? [.replaced] : []))
        #expect(machine.token.previous?.endsAtFirstUse ?? (row.asker == .itself) == (row.asker == .itself))
    }

    @Test("ROT-13: the previous token never works longer than its own expiry")
    func ownExpiry() throws {
        for (left, isKept) in [(Duration.hours(2), true), (.zero, false), (.hours(-1), false)] {
            var machine = TokenStateMachine(try TokenWorld.token(.service, expiresAt: start + left))
            try machine.rotate(.init(stamp: stamp(2), asker: .owner, expiresAt: nil), now: start)
            #expect(machine.token.previous?.validUntil == (isKept ? start + left : nil))
        }
    }

    @Test("ROT-13: what a token rotated itself ends with the first use of the new text; other graces stay")
    func firstUse() throws {
        for asker in [TokenRotation.Asker.itself, .owner] {
            var machine = TokenStateMachine(try TokenWorld.token(.service))
            try machine.rotate(.init(stamp: stamp(2), asker: asker, expiresAt: nil), now: start)
            #expect(machine.used(now: start + .minutes(5)) == (asker == .itself))
            #expect((machine.token.previous == nil) == (asker == .itself))
            #expect(machine.used(now: start + .hours(24)) == (asker == .owner))
            #expect(machine.retired.map(\.reason) == [.graceEnded])
        }
    }

    @Test(
        "ROT-13: an administrator gets no text of a personal token but sets 72 hours, which the owner's rotation ends"
    )
    func collected() throws {
        var machine = TokenStateMachine(try TokenWorld.token())
        let byOther = TokenRotation(stamp: stamp(2), asker: .other, expiresAt: nil)
        #expect(throws: TokenEventRefusal.collectedByOwner) { try machine.rotate(byOther, now: start) }
        #expect(try machine.requireRotation(now: start))
        #expect(machine.token.rotationRequiredBy == start + .hours(72))
        #expect(try !machine.requireRotation(now: start + .hours(1)))
        #expect(machine.token.rotationRequiredBy == start + .hours(72))
        try machine.rotate(.init(stamp: stamp(2), asker: .owner, expiresAt: nil), now: start + .hours(2))
        #expect(machine.token.rotationRequiredBy == nil)
    }

    @Test(
        "ROT-13, TOK-10: a rotation that was demanded is not for the token itself, of neither kind",
        arguments: APIToken.Kind.allCases
    )
    func demanded(_ kind: APIToken.Kind) throws {
        var machine = TokenStateMachine(try TokenWorld.token(kind))
        #expect(try machine.requireRotation(now: start))
        let byItself = TokenRotation(stamp: stamp(2), asker: .itself, expiresAt: nil)
        #expect(throws: TokenEventRefusal.collectedByOwner) { try machine.rotate(byItself, now: start) }
        #expect(machine.token.generation == 1)
        try machine.rotate(.init(stamp: stamp(2), asker: .owner, expiresAt: nil), now: start + .hours(71))
        #expect(machine.token.rotationRequiredBy == nil)
    }

    @Test("ROT-13: a renewed text has the length of life of the old one")
    func renewed() throws {
        let token = try TokenWorld.token()
        #expect(TokenRotation.renewedExpiry(of: token, now: start + .days(3)) == start + .days(33))
        #expect(TokenRotation.renewedExpiry(of: try TokenWorld.token(expiresAt: nil), now: start) == nil)
    }

    @Test(
        "ROT-13, REV-2: over 500 random histories identity stays, generations grow, graces end, revoked is for ever"
    )
    func histories() throws {
        var random = SeededGenerator(seed: 13)
        for history in 0..<500 {
            let first = try TokenWorld.token(history.isMultiple(of: 2) ? .personal : .service)
            var machine = TokenStateMachine(first)
            var now = start
            for step in 0..<30 {
                now += .minutes(Int.random(in: 0...600, using: &random))
                let before = machine.token
                take(&machine, stamp(UInt8(step + 2)), now, &random)
                let after = machine.token
                #expect(after.id == first.id && after.profile == first.profile && after.owner == first.owner)
                #expect(after.generation >= before.generation && after.version >= before.version)
                #expect((after == before) == (after.version == before.version))
                #expect((after.current == before.current) == (after.generation == before.generation))
                #expect(before.state != .revoked || after == before)
                if let previous = after.previous {
                    #expect(previous.validUntil <= previous.expiresAt ?? .latest)
                    #expect(previous.generation < after.generation && previous.stamp != after.current.stamp)
                }
            }
            let last = machine.token
            let dead = machine.retired.map(\.generation)
            #expect(dead == dead.sorted() && Set(dead).count == dead.count)
            #expect(Int64(dead.count) + (last.previous == nil ? 0 : 1) + 1 == last.generation)
        }
    }

    private func take(
        _ machine: inout TokenStateMachine,
        _ stamp: TokenStamp,
        _ now: Instant,
        _ random: inout SeededGenerator
    ) {
        switch Int.random(in: 0..<40, using: &random) {
        case 0: _ = machine.revoke(now: now)
        case 1..<5: _ = try? machine.pause()
        case 5..<13: _ = try? machine.resume(liftsSuspension: Bool.random(using: &random))
        case 13..<15: _ = try? machine.suspend()
        case 15..<19: _ = try? machine.requireRotation(now: now)
        case 19..<25: _ = machine.used(now: now)
        case 25..<27: _ = machine.endGrace(now: now)
        default:
            let order = TokenRotation(
                stamp: stamp,
                asker: TokenRotation.Asker.allCases.randomElement(using: &random) ?? .owner,
                grace: Bool.random(using: &random) ? nil : .hours(Int.random(in: 0...200, using: &random)),
                expiresAt: Bool.random(using: &random) ? nil : now + .hours(Int.random(in: 1...100, using: &random))
            )
            _ = try? machine.rotate(order, now: now)
        }
    }
}
