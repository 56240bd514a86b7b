import Domain

/// A server, one agent, the network between them, a clock and an operator: everything random steps can do.
struct RotationWorld: Sendable {
    /// Frames in flight, in order.
    enum ToAgent: Hashable, Sendable {
        case rotate(RotationID, attempt: Int, ModelToken)
        case proofAccepted(ModelToken)
        case proofRefused(ModelToken)
    }

    enum ToServer: Hashable, Sendable {
        case stored(RotationID, attempt: Int)
        case failed(RotationID, attempt: Int)
        case proof(ModelToken)
    }

    /// One connection; either end may be gone without the other knowing.
    struct Link: Hashable, Sendable {
        var isAlive = true
        var isPrevious: Bool
        var toAgent: [ToAgent] = []
        var toServer: [ToServer] = []
        /// What the server sent and has no answer to.
        var inFlight: ToAgent?
        var isResent = false
        var refusedProofs = 0
    }

    struct Fault: Error, CustomStringConvertible {
        let description: String
    }

    let policy: RotationPolicy
    private let ids: IDSource
    var now = Instant(microseconds: 1_770_000_000_000_000)
    var identity = IdentityState.active
    var pausedAt: Instant?
    var credential: Credential
    var running: Rotation?
    var retired: [StoredHash: RetiredToken] = [:]
    var withdrawn: Set<StoredHash> = []
    var shelf: AgentShelf
    var link: Link?
    var isDiskFull = false
    var tokens: [ModelToken]
    /// Until when a previous token has to work: set at a promotion, cut short only by an operator's hand.
    var promisedGrace: (token: StoredHash, until: Instant)?

    init(policy: RotationPolicy, hasExpiry: Bool, ids: IDSource) {
        self.policy = policy
        self.ids = ids
        let first = ModelToken(number: 1)
        shelf = AgentShelf(confirmed: first)
        tokens = [first]
        credential = Credential(
            id: ids.next(),
            agentID: ids.next(),
            organizationID: ids.next(),
            workspaceID: ids.next(),
            kind: .agent,
            current: Credential.Current(
                stamp: first.stamp,
                issuedAt: now,
                expiresAt: hasExpiry ? now + policy.period : nil
            ),
            createdAt: now
        )
    }

    mutating func freshToken() -> ModelToken {
        let token = ModelToken(number: tokens.count + 1)
        tokens.append(token)
        return token
    }

    func ask(_ mode: RotationMode, _ origin: RotationOrigin) -> RotationAsk {
        RotationAsk(
            id: ids.next(),
            mode: mode,
            origin: origin,
            requestedBy: .system("model"),
            isConnected: canIssue,
            isConfirmed: true
        )
    }

    /// A live channel on which a token may be issued.
    var canIssue: Bool { link.map { $0.isAlive && !$0.isPrevious } ?? false }

    /// Runs an event on the server's machine and stores what it changed, as the control plane does.
    @discardableResult
    mutating func serve<T>(_ event: (inout RotationStateMachine) throws -> T) throws -> T {
        var machine = RotationStateMachine(credential: credential, running: running, policy: policy)
        defer { keep(machine) }
        return try event(&machine)
    }

    private mutating func keep(_ machine: RotationStateMachine) {
        let before = credential
        credential = machine.credential
        running = machine.running
        for token in machine.retired { retired[token.stamp.hash] = token }
        for token in machine.withdrawn { withdrawn.insert(token.stamp.hash) }
        if credential.generation > before.generation { notePromotion(before) }
    }

    private mutating func notePromotion(_ before: Credential) {
        promisedGrace = nil
        guard let previous = credential.previous, let older = before.current else { return }
        let until = min(now + policy.grace, older.expiresAt ?? .latest)
        promisedGrace = (previous.stamp.hash, until)
    }

    func fit(_ token: ModelToken) -> TokenFit? {
        let hash = token.stamp.hash
        if credential.current?.stamp.hash == hash { return .current }
        if credential.pending?.stamp.hash == hash { return .pending }
        if credential.previous?.stamp.hash == hash { return .previous }
        if let token = retired[hash] { return .retired(token) }
        return withdrawn.contains(hash) ? .withdrawn : nil
    }

    func admission(_ token: ModelToken) throws(TokenRefusal) -> TokenAdmission {
        guard let fit = fit(token) else { throw .invalid }
        return try credential.admission(of: fit, identity: .active, policy: policy, now: now)
    }

    // MARK: The agent

    /// The agent tries its tokens, the newest first; the older only after `InvalidToken`.
    mutating func connect() throws {
        var isFallback = false
        for token in shelf.presented {
            guard let fit = fit(token) else {
                isFallback = true
                continue
            }
            do {
                let opening = try open(fit, superseded: isFallback)
                shelf.accepted(token)
                var isPrevious = false
                if case .previous = opening.admission { isPrevious = true }
                link = Link(isPrevious: isPrevious)
                if opening.wantsIssue { try issue() }
                return
            } catch TokenRefusal.invalid {
                isFallback = true
            } catch TokenRefusal.rotatedOut(let isTheftSign) {
                if isTheftSign { throw Fault(description: "a false theft alarm for \(token)") }
                return
            } catch is TokenRefusal {
                return
            }
        }
    }

    private mutating func open(_ fit: TokenFit, superseded: Bool) throws -> ChannelOpening {
        let renewal = ask(.graceful, .renewal)
        let (identity, now) = (identity, now)
        var machine = RotationStateMachine(credential: credential, running: running, policy: policy)
        let opening = try machine.opened(
            with: fit,
            identity: identity,
            superseded: superseded,
            renewal: renewal,
            now: now
        )
        keep(machine)
        return opening
    }

    mutating func issue() throws {
        guard canIssue, identity == .active else { return }
        let token = freshToken()
        let now = now
        let issued = try serve { $0.issue(token.stamp, now: now) }
        guard let issued else { return }
        let frame = ToAgent.rotate(issued.rotationID, attempt: issued.attempt, token)
        link?.toAgent.append(frame)
        link?.inFlight = frame
        link?.isResent = false
        try serve { _ = $0.delivered(issued.rotationID, attempt: issued.attempt, now: now) }
    }

    /// The agent takes its next frame; it may crash after writing and before answering.
    mutating func agentReads(crashes: Bool) {
        guard let frame = link?.toAgent.first else { return }
        link?.toAgent.removeFirst()
        switch frame {
        case .rotate(let rotation, let attempt, let token):
            agentRotates(rotation, attempt, token)
        case .proofAccepted(let token):
            shelf.accepted(token)
        case .proofRefused(let token):
            shelf.refused(token)
        }
        if crashes { link = nil }
    }

    private mutating func agentRotates(_ rotation: RotationID, _ attempt: Int, _ token: ModelToken) {
        switch shelf.reaction(to: token) {
        case .proveFirst(let unconfirmed):
            link?.toServer.append(.proof(unconfirmed))
        case .store where isDiskFull:
            link?.toServer.append(.failed(rotation, attempt: attempt))
        case .store:
            shelf.unconfirmed = token
            link?.toServer.append(.stored(rotation, attempt: attempt))
            link?.toServer.append(.proof(token))
        }
    }

    // MARK: The server

    mutating func serverReads() throws {
        guard let link, link.isAlive, let frame = link.toServer.first else { return }
        self.link?.toServer.removeFirst()
        let now = now
        switch frame {
        case .stored(let rotation, let attempt):
            try serve { _ = $0.stored(rotation, attempt: attempt, now: now) }
        case .failed(let rotation, let attempt):
            try serve { _ = $0.agentFailed(rotation, attempt: attempt, error: "disk full", now: now) }
            self.link?.inFlight = nil
        case .proof(let token):
            try proof(token)
        }
    }

    private mutating func proof(_ token: ModelToken) throws {
        let fit = fit(token)
        let (identity, now) = (identity, now)
        do {
            _ = try serve { try $0.proven(fit, identity: identity, now: now) }
            link?.isPrevious = false
            link?.inFlight = nil
            link?.refusedProofs = 0
            link?.toAgent.append(.proofAccepted(token))
        } catch TokenRefusal.invalid {
            link?.inFlight = nil
            link?.refusedProofs += 1
            // Frames that crossed could refuse each other for ever; a new channel starts with none.
            if link?.refusedProofs == 3 {
                link = nil
                return
            }
            link?.toAgent.append(.proofRefused(token))
            if running?.state == .requested { try issue() }
        } catch is TokenRefusal {
            link = nil
        }
    }

    /// An acknowledgement is overdue: once more on the same channel, then the channel is closed.
    mutating func acknowledgementTimesOut() {
        guard let link, link.isAlive, let frame = link.inFlight else { return }
        guard !link.isResent else {
            self.link = nil
            return
        }
        self.link?.isResent = true
        self.link?.toAgent.append(frame)
    }

    /// What the server's deadlines do to an open channel.
    mutating func watch() throws {
        guard let link, link.isAlive else { return }
        let (policy, now) = (policy, now)
        if link.isPrevious {
            if credential.grace(at: now) == nil { self.link = nil }
            return
        }
        guard credential.current != nil else { return }
        let mode = try? credential.admission(of: .current, identity: identity, policy: policy, now: now)
        guard let mode else {
            self.link = nil
            return
        }
        guard mode == .renewOnly else { return }
        let renewal = ask(.graceful, .renewal)
        try serve { $0.expiredOnChannel(renewal: renewal, now: now) }
        if running?.state == .requested { try issue() }
    }
}
