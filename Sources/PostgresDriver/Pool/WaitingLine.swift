/// The transactions that wait for a connection, in order; urgent ones before all others.
package struct WaitingLine {
    /// What a pool knows of a transaction.
    package struct Ticket: Hashable, Sendable {
        package let id: UInt64
        /// When waiting ends if the transaction has not begun.
        package let deadline: ContinuousClock.Instant
        package let isUrgent: Bool

        package init(id: UInt64, deadline: ContinuousClock.Instant, isUrgent: Bool) {
            self.id = id
            self.deadline = deadline
            self.isUrgent = isUrgent
        }
    }

    private var urgent = Line()
    private var ordinary = Line()

    var count: Int { urgent.count + ordinary.count }

    var isEmpty: Bool { count == 0 }

    /// The deadline that comes first.
    var firstDeadline: ContinuousClock.Instant? {
        [urgent.firstDeadline, ordinary.firstDeadline].compactMap { $0 }.min()
    }

    mutating func append(_ ticket: Ticket) {
        if ticket.isUrgent { urgent.append(ticket) } else { ordinary.append(ticket) }
    }

    /// For a transaction whose turn had come already.
    mutating func putBack(_ ticket: Ticket) {
        if ticket.isUrgent { urgent.putBack(ticket) } else { ordinary.putBack(ticket) }
    }

    mutating func popFirst() -> Ticket? { urgent.popFirst() ?? ordinary.popFirst() }

    /// Takes out everything that a condition holds for.
    mutating func removeAll(where condition: (Ticket) -> Bool) -> [Ticket] {
        urgent.removeAll(where: condition) + ordinary.removeAll(where: condition)
    }
}

extension WaitingLine {
    /// One line; taking the first costs the same however long it is.
    private struct Line {
        private var tickets: [Ticket] = []
        private var head = 0

        var count: Int { tickets.count - head }

        /// Everybody waits equally long, so that deadlines grow along the line; only one that was put back may differ.
        var firstDeadline: ContinuousClock.Instant? { tickets[head...].prefix(2).map(\.deadline).min() }

        mutating func append(_ ticket: Ticket) { tickets.append(ticket) }

        mutating func putBack(_ ticket: Ticket) {
            compact()
            tickets.insert(ticket, at: 0)
        }

        mutating func popFirst() -> Ticket? {
            guard head < tickets.count else { return nil }
            head += 1
            let first = tickets[head - 1]
            if head > 64, head > tickets.count / 2 { compact() }
            return first
        }

        mutating func removeAll(where condition: (Ticket) -> Bool) -> [Ticket] {
            compact()
            let removed = tickets.filter(condition)
            if !removed.isEmpty { tickets.removeAll(where: condition) }
            return removed
        }

        private mutating func compact() {
            tickets.removeFirst(head)
            head = 0
        }
    }
}
