import Domain

extension RotationWorld {
    /// Everything that can happen next.
    enum Step: CaseIterable, Sendable {
        case connect, agentReads, agentReadsAndCrashes, serverReads, cut, agentCrashes, serverRestarts
        case acknowledgementTimesOut, secondsPass, minutesPass, hoursPass, daysPass
        case rotate, rotateImmediately, force, cancel, endGrace, pause, resume, schedule, expire
        case diskFills, diskEmpties, contend
    }

    mutating func take(_ step: Step, amount: Int) throws {
        switch step {
        case .connect:
            if link == nil || !(link?.isAlive ?? false) || amount == 0 { try connect() }
        case .agentReads: agentReads(crashes: false)
        case .agentReadsAndCrashes: agentReads(crashes: true)
        case .serverReads: try serverReads()
        case .cut:
            link?.isAlive = false
            link?.toAgent = []
            link?.toServer = []
        case .agentCrashes, .serverRestarts: link = nil
        case .acknowledgementTimesOut: acknowledgementTimesOut()
        case .secondsPass: try pass(.seconds(amount + 1))
        case .minutesPass: try pass(.minutes(amount + 1))
        case .hoursPass: try pass(.hours(amount + 1))
        case .daysPass: try pass(.days(amount + 1))
        case .diskFills: isDiskFull = true
        case .diskEmpties: isDiskFull = false
        default: try operate(step)
        }
    }

    private mutating func pass(_ duration: Duration) throws {
        now += duration
        try watch()
    }

    private mutating func operate(_ step: Step) throws {
        let now = now
        switch step {
        case .rotate: try request(.graceful, .operator)
        case .rotateImmediately: try request(.immediate, .operator)
        case .force: try request(.force, .operator)
        case .cancel:
            let isCancelled = (try? serve { try $0.cancel(now: now) }) != nil
            if isCancelled { link?.inFlight = nil }
        case .endGrace:
            try serve { _ = $0.graceEnded(now: now) }
            promisedGrace = nil
            if link?.isPrevious == true { link = nil }
        case .pause: try pause()
        case .resume: try resume()
        case .schedule:
            if canIssue, identity == .active, running == nil, credential.isDue(policy, now: now) {
                try request(.graceful, .scheduler)
            }
        case .expire: try serve { _ = $0.expire(now: now) }
        case .contend:
            if canIssue {
                try serve { $0.contended(now: now) }
                link?.inFlight = nil
            }
        default: break
        }
    }

    private mutating func request(_ mode: RotationMode, _ origin: RotationOrigin) throws {
        guard identity == .active else { return }
        let ask = ask(mode, origin)
        let now = now
        do {
            _ = try serve { try $0.request(ask, now: now) }
        } catch is RotationRefusal {
            return
        }
        if mode != .graceful { promisedGrace = nil }
        if running?.state == .requested { try issue() }
    }

    private mutating func pause() throws {
        guard identity == .active else { return }
        identity = .paused
        pausedAt = now
        link = nil
        let now = now
        try serve { $0.paused(now: now) }
    }

    mutating func resume() throws {
        let (start, now) = (pausedAt ?? now, now)
        identity = .active
        pausedAt = nil
        try serve { $0.resumed(pausedAt: start, now: now) }
    }

    // MARK: What has to hold

    /// Whether the agent would get in now, by its own rules.
    func couldOpen() -> Bool {
        for token in shelf.presented {
            do throws(TokenRefusal) {
                _ = try admission(token)
                return true
            } catch {
                if error != .invalid { return false }
            }
        }
        return false
    }

    /// Past the allowance, or after a forced rotation, nobody promised a way back; paused time does not count.
    var mayBeStranded: Bool {
        guard credential.current != nil else { return true }
        guard let end = credential.allowanceEnd(policy) else { return false }
        let pausedFor = pausedAt.map { now - max($0, credential.current?.expiresAt ?? $0) } ?? .zero
        return now - max(.zero, pausedFor) >= end
    }

    func check() throws {
        if (credential.pending != nil) != (running?.state.hasPendingToken ?? false) {
            throw Fault(description: "a pending token without its rotation, or the other way round")
        }
        if identity == .active, !couldOpen(), !mayBeStranded {
            throw Fault(description: "the agent is stranded")
        }
        try checkTokens()
    }

    private func checkTokens() throws {
        for token in tokens {
            let hash = token.stamp.hash
            let isAdmitted = (try? admission(token)) != nil
            let isLive = [credential.current?.stamp.hash, credential.pending?.stamp.hash].contains(hash)
            if isAdmitted, !isLive, credential.previous?.stamp.hash != hash {
                throw Fault(description: "a dead token is accepted: \(token)")
            }
            if let previous = credential.previous, previous.stamp.hash == hash {
                let end = min(previous.validUntil, previous.expiresAt ?? .latest)
                if isAdmitted, now >= end { throw Fault(description: "a token works past its grace or expiry") }
            }
            if let promisedGrace, promisedGrace.token == hash, now < promisedGrace.until, !isAdmitted {
                throw Fault(description: "a token died before its grace: \(token)")
            }
        }
        if let end = credential.allowanceEnd(policy), now >= end {
            let admitted = try? credential.admission(of: .current, identity: .active, policy: policy, now: now)
            if admitted != nil { throw Fault(description: "an agent past its allowance is let in") }
        }
    }

    /// With a live agent, a whole network and a working disk, every rotation comes to its end.
    func checkThatNothingWaitsForEver() throws {
        var world = self
        world.isDiskFull = false
        if world.identity == .paused { try world.resume() }
        guard !world.mayBeStranded else { return }
        if !(world.link?.isAlive ?? false) { world.link = nil }
        for _ in 0..<40 {
            if world.link == nil { try world.connect() }
            while !(world.link?.toAgent.isEmpty ?? true) || !(world.link?.toServer.isEmpty ?? true) {
                world.agentReads(crashes: false)
                try world.serverReads()
            }
            if world.running == nil, world.link != nil { return }
            world.acknowledgementTimesOut()
            if world.running?.state == .requested, world.credential.contentionAt == nil { try world.issue() }
            try world.pass(world.policy.acknowledgementTimeout)
        }
        throw Fault(description: "a rotation of a live agent never ends: \(String(describing: world.running?.state))")
    }
}
