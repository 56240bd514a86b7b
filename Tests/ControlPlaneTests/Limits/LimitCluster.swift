import ControlPlane
import Domain

/// Nodes that share one token's limits through a ledger, in steps of a millisecond, with exchanges that take their time
/// and calls that wait as `LimitService` lets them.
struct LimitCluster {
    struct Answer {
        let node: Int
        let units: Int
        let calledAt: Int
        let answeredAt: Int
        let decision: LimitDecision

        var isAllowed: Bool { decision.isAllowed }
        var refusal: LimitRefusal? {
            if case .refused(let refusal) = decision { refusal } else { nil }
        }
    }

    private struct Call {
        let units: Int
        let calledAt: Int
        var looks: ArraySlice<Int>
    }

    private struct Node {
        let number: Int64
        var subject: LimitSubject?
        var calls: [Call] = []
        /// How far its clock is off, in milliseconds.
        var offset = 0
        var isSilent = false
    }

    private enum Message {
        case report(LimitSubject.Report)
        case answer(LimitSubject.Answer)
    }

    /// When a waiting call looks again, in milliseconds since it came.
    private static let looks = [3, 9, 21, 46, 96]
    static let begin = Instant(microseconds: 1_795_269_600_000_000)

    let id = CredentialID(value: TypeIDValue(high: 1, low: 1))
    var limits: EffectiveLimits
    let isShared: Bool
    /// How long a message takes, in milliseconds.
    var delay = 1...10
    private(set) var ledger = LimitLedger()
    private(set) var millisecond = 0
    private(set) var answers: [Answer] = []
    private var nodes: [Node]
    private var messages: [(due: Int, node: Int, content: Message)] = []
    private var generator = SystemRandomNumberGenerator()

    init(_ figures: LimitFigures, nodes count: Int, isShared: Bool = true) {
        limits = EffectiveLimits(plan: LimitPlan(id: LimitPlan.free.id, name: "x", figures: figures))
        self.isShared = isShared
        nodes = (0..<count).map { Node(number: Int64($0 + 1)) }
    }

    var refusals: [LimitRefusal] { answers.compactMap(\.refusal) }
    var admitted: Int { answers.reduce(0) { $0 + ($1.isAllowed ? $1.units : 0) } }

    /// The time by the database.
    var now: Instant { Self.begin + .milliseconds(millisecond) }

    private func clock(_ node: Int) -> Instant { now + .milliseconds(nodes[node].offset) }
    private func steady(_ node: Int) -> Instant { Instant(microseconds: Int64(millisecond * 1000 + node * 1_000_000)) }

    /// A call at a node; what comes of it is among ``answers`` now or a little later.
    mutating func call(_ node: Int, _ units: Int = 1) {
        let call = Call(units: units, calledAt: millisecond, looks: Self.looks[...])
        if !attempt(call, .first, node) { nodes[node].calls.append(call) }
    }

    private mutating func attempt(_ call: Call, _ turn: LimitSubject.Turn, _ node: Int) -> Bool {
        if nodes[node].subject == nil {
            var subject = LimitSubject(id, limits: limits, at: clock(node), steady: steady(node))
            let seeds = ledger.cells.filter { $0.countsUntil > now }
            subject.resume(seeds.map { LimitSeed(kind: $0.kind, start: $0.start, used: $0.row.told) }, at: clock(node))
            nodes[node].subject = subject
        }
        let (limits, isShared, clock, steady) = (limits, isShared, clock(node), steady(node))
        let outcome = nodes[node].subject?
            .check(
                limits,
                LimitCost(call.units) ?? .one,
                turn: turn,
                isShared: isShared,
                wantsStandings: false,
                at: clock,
                steady: steady
            )
        guard let outcome else { return false }
        answers.append(
            Answer(
                node: node,
                units: call.units,
                calledAt: call.calledAt,
                answeredAt: millisecond,
                decision: outcome.decision
            )
        )
        return true
    }

    /// Milliseconds go by; in each, `traffic` may call.
    mutating func run(_ milliseconds: Int, _ traffic: (inout LimitCluster, Int) -> Void = { _, _ in }) {
        for _ in 0..<milliseconds {
            millisecond += 1
            deliver()
            traffic(&self, millisecond)
            look()
            for node in nodes.indices where (millisecond + node) % (isShared ? 10 : 500) == 0 { tell(node) }
        }
    }

    /// Time goes by in which nobody calls, and idle nodes forget the token.
    mutating func rest(_ duration: Duration) {
        run(3000)
        for node in nodes.indices where nodes[node].subject?.isSettled(isShared: isShared) == true {
            nodes[node].subject = nil
        }
        millisecond += Int(duration.wholeMicroseconds / 1000)
    }

    /// Whether all nodes have forgotten the token.
    var isForgotten: Bool { nodes.allSatisfy { $0.subject == nil } }

    mutating func setClock(_ node: Int, _ offset: Int) { nodes[node].offset = offset }
    mutating func setSilent(_ node: Int, _ isSilent: Bool) { nodes[node].isSilent = isSilent }

    private mutating func look() {
        for node in nodes.indices where !nodes[node].calls.isEmpty {
            let calls = nodes[node].calls
            nodes[node].calls = []
            for var call in calls {
                guard let look = call.looks.first, millisecond >= call.calledAt + look else {
                    nodes[node].calls.append(call)
                    continue
                }
                call.looks = call.looks.dropFirst()
                if !attempt(call, call.looks.isEmpty ? .last : .next, node) { nodes[node].calls.append(call) }
            }
        }
    }

    private mutating func tell(_ node: Int) {
        let (isShared, clock, steady) = (isShared, clock(node), steady(node))
        guard nodes[node].subject?.isDue(isShared: isShared, steady: steady).isDue == true,
            let report = nodes[node].subject?.report(isShared: isShared, at: clock, steady: steady)
        else { return }
        send(.report(report), node)
    }

    private mutating func send(_ content: Message, _ node: Int) {
        guard !nodes[node].isSilent else { return }
        messages.append((millisecond + Int.random(in: delay, using: &generator), node, content))
    }

    private mutating func deliver() {
        let due = messages.filter { $0.due <= millisecond }
        messages.removeAll { $0.due <= millisecond }
        for message in due {
            let node = message.node
            let (number, clock, steady) = (nodes[node].number, clock(node), steady(node))
            switch message.content {
            case .report(let report):
                let cells = ledger.exchange(report.cells, from: number, at: clock)
                send(.answer(LimitSubject.Answer(subject: id, cells: cells)), node)
            case .answer(let answer): nodes[node].subject?.answered(answer, at: clock, steady: steady)
            }
        }
    }
}
