import Domain
import Testing

@Suite("The rotation state machine")
struct RotationStateMachineTests {
    static let start = Instant(microseconds: 1_770_000_000_000_000)
    static let ids = IDSource(clock: WallClock { start }, random: .system)
    static let policy = RotationPolicy()

    /// One place in the state space: the rotation's state and which tokens there are.
    struct Place: CustomTestStringConvertible, Sendable {
        let rotation: RotationState?
        let hasCurrent: Bool
        let hasPrevious: Bool
        let mode: RotationMode

        var testDescription: String {
            "\(rotation?.rawValue ?? "none") \(mode) current \(hasCurrent) previous \(hasPrevious)"
        }

        static let all: [Place] = [nil, .requested, .issued, .delivered, .stored].flatMap { rotation in
            RotationMode.allCases.flatMap { mode in
                [(true, false), (true, true), (false, false)].map { current, previous in
                    Place(rotation: rotation, hasCurrent: current, hasPrevious: previous, mode: mode)
                }
            }
        }

        func machine() -> RotationStateMachine {
            var credential = Credential(
                id: ids.next(),
                agentID: ids.next(),
                organizationID: ids.next(),
                workspaceID: ids.next(),
                kind: .agent,
                generation: 5,
                current: hasCurrent
                    ? Credential.Current(
                        stamp: ModelToken(number: 1).stamp,
                        issuedAt: start,
                        expiresAt: start + policy.period
                    ) : nil,
                previous: hasPrevious
                    ? Credential.Previous(
                        stamp: ModelToken(number: 2).stamp,
                        generation: 4,
                        validUntil: start + policy.grace,
                        expiresAt: start + .days(1)
                    ) : nil,
                createdAt: start
            )
            guard let state = rotation else {
                return RotationStateMachine(credential: credential, running: nil, policy: policy)
            }
            var running = Rotation(
                id: ids.next(),
                credentialID: credential.id,
                agentID: credential.agentID,
                organizationID: credential.organizationID,
                workspaceID: credential.workspaceID,
                mode: mode,
                state: state,
                origin: .operator,
                requestedBy: .system("test"),
                requestedAt: start
            )
            if state.hasPendingToken {
                running.attempt = 1
                credential.pending = Credential.Pending(
                    stamp: ModelToken(number: 3).stamp,
                    issuedAt: start,
                    expiresAt: start + policy.period,
                    validUntil: start + .days(37)
                )
            }
            return RotationStateMachine(credential: credential, running: running, policy: policy)
        }
    }

    typealias Event = @Sendable (inout RotationStateMachine, Instant) throws -> Void

    static func ask(_ mode: RotationMode) -> RotationAsk {
        RotationAsk(
            id: ids.next(),
            mode: mode,
            origin: .operator,
            requestedBy: .system("test"),
            isConnected: true,
            isConfirmed: true
        )
    }

    static func opened(_ fit: TokenFit, _ identity: IdentityState, superseded: Bool) -> Event {
        { machine, now in
            _ = try machine.opened(
                with: fit,
                identity: identity,
                superseded: superseded,
                renewal: ask(.graceful),
                now: now
            )
        }
    }

    static let events: [Event] = {
        var events: [Event] = RotationMode.allCases.map { mode in { _ = try $0.request(ask(mode), now: $1) } }
        for identity in IdentityState.allCases {
            for fit in [TokenFit.current, .pending, .previous, .withdrawn] {
                events.append(opened(fit, identity, superseded: false))
                events.append(opened(fit, identity, superseded: true))
                events.append { _ = try $0.proven(fit, identity: identity, now: $1) }
            }
            events.append { _ = try $0.proven(nil, identity: identity, now: $1) }
        }
        events.append { _ = $0.issue(ModelToken(number: 9).stamp, now: $1) }
        for attempt in 0...2 {
            events.append { machine, now in
                let id = machine.rotation?.id ?? ids.next()
                _ = machine.delivered(id, attempt: attempt, now: now)
            }
            events.append { machine, now in
                let id = machine.rotation?.id ?? ids.next()
                _ = machine.stored(id, attempt: attempt, now: now)
            }
            events.append { machine, now in
                let id = machine.rotation?.id ?? ids.next()
                _ = machine.agentFailed(id, attempt: attempt, error: "no", now: now)
            }
        }
        events.append { try $0.cancel(now: $1) }
        events.append { $0.paused(now: $1) }
        events.append { $0.resumed(pausedAt: start, now: $1) }
        events.append { $0.revoked(now: $1) }
        events.append { _ = $0.graceEnded(now: $1) }
        events.append { _ = $0.expire(now: $1) }
        events.append { $0.contended(now: $1) }
        events.append { $0.restart(now: $1) }
        events.append { $0.expiredOnChannel(renewal: ask(.graceful), now: $1) }
        return events
    }()

    @Test("ROT-1: every event in every state, at every time, keeps what always holds", arguments: Place.all)
    func exhaustive(place: Place) throws {
        let fresh = place.machine()
        for first in Self.events {
            for time in [Duration.zero, .minutes(5), .days(7), .days(37), .days(400)] {
                var machine = fresh
                try? first(&machine, Self.start + time)
                check(machine, from: fresh.credential)
            }
            var moved = fresh
            try? first(&moved, Self.start)
            for second in Self.events {
                for time in [Duration.zero, .days(8)] {
                    var machine = moved
                    try? second(&machine, Self.start + time)
                    check(machine, from: fresh.credential)
                }
            }
        }
    }

    private func check(_ machine: RotationStateMachine, from before: Credential) {
        let credential = machine.credential
        if (credential.pending != nil) != (machine.running?.state.hasPendingToken ?? false) {
            Issue.record("a pending token without its rotation, or the other way round")
        }
        let kept = Set(stamps(credential))
        let dead = Set(machine.retired.map(\.stamp.prefix) + machine.withdrawn.map(\.stamp.prefix))
        if !kept.isDisjoint(with: dead) { Issue.record("a token is alive and dead") }
        if !Set(stamps(before)).isSubset(of: kept.union(dead)) { Issue.record("a token got lost") }
        let withdrawn = machine.withdrawn.map(\.stamp.prefix)
        if withdrawn.contains("clv_ag_1") || withdrawn.contains("clv_ag_2") {
            Issue.record("a token that was current is called withdrawn")
        }
        if credential.generation < before.generation { Issue.record("a generation went back") }
        if credential.state == .revoked, machine.running != nil { Issue.record("a revoked credential rotates") }
        if let previous = credential.previous, let expiry = previous.expiresAt, previous.validUntil > expiry {
            Issue.record("a previous token outlives its expiry")
        }
    }

    private func stamps(_ credential: Credential) -> [String] {
        [credential.current?.stamp, credential.pending?.stamp, credential.previous?.stamp].compactMap { $0?.prefix }
    }

    @Test("ROT-5: higher urgency raises the running rotation, equal or lower is refused with its id")
    func urgency() throws {
        for running in RotationMode.allCases {
            for wanted in RotationMode.allCases {
                let place = Place(rotation: .issued, hasCurrent: true, hasPrevious: false, mode: running)
                var machine = place.machine()
                let id = try #require(machine.rotation).id
                if wanted > running {
                    #expect(try machine.request(Self.ask(wanted), now: Self.start) == .raised)
                    #expect(machine.rotation?.id == id && machine.rotation?.mode == wanted)
                } else {
                    #expect(throws: RotationRefusal.inProgress(id)) {
                        try machine.request(Self.ask(wanted), now: Self.start)
                    }
                }
            }
        }
    }

    @Test("ROT-3: the grace ends to the microsecond, and never after the token's own expiry")
    func graceEdges() throws {
        for (life, expected) in [(Duration.days(7), Self.policy.grace), (.minutes(2), .minutes(2))] {
            var machine = Place(rotation: .stored, hasCurrent: true, hasPrevious: false, mode: .graceful).machine()
            machine = RotationStateMachine(
                credential: machine.credential.expiring(at: Self.start + life),
                running: machine.rotation,
                policy: Self.policy
            )
            _ = try machine.proven(.pending, identity: .active, now: Self.start)
            let end = Self.start + expected
            let credential = machine.credential
            func admitted(_ now: Instant) throws -> TokenAdmission {
                try credential.admission(of: .previous, identity: .active, policy: Self.policy, now: now)
            }
            #expect(try admitted(end - .microseconds(1)) == .previous(until: end))
            #expect(throws: TokenRefusal.rotatedOut(isTheftSign: true)) { try admitted(end) }
        }
    }

    @Test("ROT-9: the lead is the larger of two intervals and a tenth of the period, at most half the period")
    func lead() {
        #expect(RotationPolicy(period: .days(7)).lead == .days(7) / 10)
        #expect(RotationPolicy(period: .days(1), checkInterval: .hours(6)).lead == .hours(12))
        #expect(RotationPolicy(period: .days(1), checkInterval: .hours(24)).lead == .hours(12))
        #expect(RotationPolicy(period: .days(1), checkInterval: .hours(2)).lead == .hours(4))
    }

    @Test("ROT-8: three mutual replacements within five minutes are contention, spread wider they are not")
    func contention() {
        func outcomes(_ seconds: [Int], _ peers: [String]) -> [Bool] {
            var contention = ChannelContention()
            return zip(seconds, zip(peers, peers.dropFirst())).map { second, peer in
                contention.replaced(peer.0, by: peer.1, at: Self.start + .seconds(second))
            }
        }
        #expect(outcomes([0, 100, 200, 299], ["a", "b", "a", "b", "a"]) == [false, false, false, true])
        #expect(outcomes([0, 100, 299], ["a", "a", "a", "a"]) == [false, false, true])
        #expect(outcomes([0, 100, 300], ["a", "a", "a", "a"]) == [false, false, false])
        #expect(outcomes([0, 10, 20, 30, 40], ["a", "b", "c", "d", "e", "f"]).allSatisfy { !$0 })
    }
}

extension Credential {
    fileprivate func expiring(at instant: Instant) -> Credential {
        var copy = self
        copy.current?.expiresAt = instant
        return copy
    }
}
