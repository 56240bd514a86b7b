import Domain

/// Nodes that share one limit through a row, in steps of a millisecond, with messages that take their time.
struct Cluster {
    struct Node {
        let id: Int64
        var part = LimitReservations()
        /// Units of calls that wait for a grant.
        var waiting = 0
        /// The millisecond within each 10 at which it looks whether to report.
        var phase: Int
        var isDown = false
        var isSilent = false
        var isLate = false
    }

    private struct Message {
        let due: Int
        let node: Int64
        let content: Content
    }

    private enum Content {
        case report(ReservationReport)
        case grant(ReservationGrant)
    }

    let limit: Int
    var row: ReservationRow
    var nodes: [Node]
    private(set) var millisecond = 0
    private(set) var admitted = 0
    private(set) var unreserved = 0
    /// What crashed nodes had admitted and not told.
    private(set) var lost = 0
    private var messages: [Message] = []
    private(set) var crashes = 0
    var delay = 1...20

    init(limit: Int, nodes count: Int, lapse: ReservationRow.Lapse = .keeps, generator: inout SeededGenerator) {
        self.limit = limit
        row = ReservationRow(lapse: lapse)
        nodes = (0..<count).map { Node(id: Int64($0), phase: Int.random(in: 0..<10, using: &generator)) }
    }

    /// Each node's clock is its own.
    private func clock(_ place: Int) -> Instant {
        Instant(microseconds: Int64(millisecond * 1000) + 1_000_000_000 * (nodes[place].id + 1))
    }

    private var databaseTime: Instant { Instant(microseconds: Int64(millisecond * 1000)) }

    /// A call at a node; answers whether it was admitted.
    mutating func call(_ place: Int, _ units: Int = 1) -> Bool {
        guard !nodes[place].isDown else { return false }
        let before = nodes[place].part.unreserved
        guard nodes[place].part.admit(units, at: clock(place)) else {
            nodes[place].waiting = min(limit, nodes[place].waiting + units)
            return false
        }
        admitted += units
        unreserved += nodes[place].part.unreserved - before
        return true
    }

    /// The node dies, and another takes its place.
    mutating func crash(_ place: Int) {
        let id = nodes[place].id
        lost += nodes[place].part.used - (row.shares.first { $0.node == id }?.used ?? 0)
        crashes += 1
        nodes[place] = Node(id: Int64(100 + crashes), phase: nodes[place].phase)
    }

    /// A millisecond goes by.
    mutating func advance(_ generator: inout SeededGenerator) {
        millisecond += 1
        let due = messages.filter { $0.due <= millisecond }
        messages.removeAll { $0.due <= millisecond }
        for message in due { deliver(message, &generator) }
        for place in nodes.indices where millisecond % 10 == nodes[place].phase && !nodes[place].isDown {
            let (clock, waiting) = (clock(place), nodes[place].waiting)
            guard nodes[place].part.isDue(waiting: waiting, at: clock),
                let report = nodes[place].part.report(waiting: waiting, at: clock)
            else { continue }
            nodes[place].waiting = 0
            send(.report(report), place, &generator)
        }
    }

    private mutating func deliver(_ message: Message, _ generator: inout SeededGenerator) {
        let place = nodes.firstIndex { $0.id == message.node }
        switch message.content {
        case .report(let report):
            // The report of a node that has died since arrives nevertheless.
            let before = row.shares.first { $0.node == message.node }?.used ?? 0
            let grant = row.exchange(report, from: message.node, budget: limit, at: databaseTime)
            guard let place else {
                lost -= max(0, report.used - before)
                return
            }
            if let grant { send(.grant(grant), place, &generator) }
        case .grant(let grant):
            if let place { nodes[place].part.granted(grant, at: clock(place)) }
        }
    }

    private mutating func send(_ content: Content, _ place: Int, _ generator: inout SeededGenerator) {
        guard !nodes[place].isSilent else { return }
        let time = nodes[place].isLate ? 200...1500 : delay
        let due = millisecond + Int.random(in: time, using: &generator)
        messages.append(Message(due: due, node: nodes[place].id, content: content))
    }
}
