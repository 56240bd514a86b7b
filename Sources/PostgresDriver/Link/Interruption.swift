/// What becomes of a statement whose time is over or that nobody waits for any more.
///
/// First the server is asked to break it off; one second later the connection is given up. A statement that ends in
/// between is over only when the request is: one that is still under way would hit the next statement.
struct Interruption {
    enum Step: Equatable {
        case wait
        case interrupt
        case giveUp
    }

    private let patience: Patience
    private var reason = ServerFailure.Kind.late
    private var request: CancelRequest?
    private var giveUpAt: ContinuousClock.Instant?

    init(_ patience: Patience) {
        self.patience = patience
    }

    /// When the next step is due, if nothing comes before.
    var end: ContinuousClock.Instant? { giveUpAt ?? patience.end }

    /// Whether the statement is over and the request to break it off is not.
    var mustWaitForRequest: Bool { request.map { !$0.isDone } ?? false }

    mutating func next(at now: ContinuousClock.Instant) -> Step {
        if let giveUpAt { return now < giveUpAt ? .wait : .giveUp }
        if patience.hasLeft() {
            reason = .left
        } else if let end = patience.end, now >= end {
            reason = .late
        } else {
            return .wait
        }
        giveUpAt = now + ServerLink.interruptionLimit
        return .interrupt
    }

    mutating func began(_ request: CancelRequest) {
        self.request = request
    }

    /// Why the statement was broken off.
    var failure: ServerFailure {
        switch reason {
        case .left: ServerFailure(.left, "The caller has gone.")
        default: ServerFailure(.late, state: Self.canceled, "A statement took longer than it may.")
        }
    }

    /// The failure of a statement in the light of what was done to it.
    func explain(_ answer: ServerFailure, isBroken: Bool) -> ServerFailure {
        if giveUpAt != nil, answer.state == Self.canceled { return failure }
        guard isBroken, answer.kind != .lost else { return answer }
        return ServerFailure(.lost, state: answer.state, answer.message)
    }

    /// The server calls it `query_canceled`.
    private static let canceled = "57014"
}
