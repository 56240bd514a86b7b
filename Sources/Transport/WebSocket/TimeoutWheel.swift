package import NIOCore
import Synchronization

/// Where a member sits in its wheel.
struct TimeoutPosition: Sendable {
    var slot: Int
    var index: Int
}

/// Something that has at most one deadline at a time.
protocol TimeoutMember: AnyObject, SendableMetatype {
    var timeoutPosition: TimeoutPosition? { get set }
    /// Called when the wheel has passed the member's slot, which is removed before. A far deadline comes round several
    /// times, so the member looks at `now` itself and schedules again.
    func timeoutPassed(now: NIODeadline)
}

/// Deadlines of all sessions of one event loop on one repeated task, which runs only while there are members.
///
/// Scheduling, moving and removing take constant time. A deadline is noticed at most one tick late.
final class TimeoutWheel<Member: TimeoutMember> {
    private let eventLoop: any EventLoop
    private let tick: TimeAmount
    private var slots: [[Member]]
    private var members = 0
    private var task: RepeatedTask?
    /// Number of the last tick that was worked off, counted from the clock's zero.
    private var passed: Int64 = 0

    init(eventLoop: any EventLoop, tick: TimeAmount, slotCount: Int = 128) {
        self.eventLoop = eventLoop
        self.tick = tick
        slots = Array(repeating: [], count: slotCount)
    }

    /// Puts the member at the given deadline, from wherever it was.
    func schedule(_ member: Member, at deadline: NIODeadline) {
        remove(member)
        startIfNeeded()
        let due = Int64(clamping: deadline.uptimeNanoseconds / UInt64(tick.nanoseconds)) + 1
        let number = min(max(due, passed + 1), passed + Int64(slots.count) - 1)
        let slot = Int(number % Int64(slots.count))
        member.timeoutPosition = TimeoutPosition(slot: slot, index: slots[slot].count)
        slots[slot].append(member)
        members += 1
    }

    /// Takes the member out.
    func remove(_ member: Member) {
        guard let position = member.timeoutPosition else { return }
        member.timeoutPosition = nil
        members -= 1
        let last = slots[position.slot].removeLast()
        guard last !== member else { return }
        slots[position.slot][position.index] = last
        last.timeoutPosition = position
    }

    private func startIfNeeded() {
        guard task == nil else { return }
        passed = Int64(clamping: eventLoop.now.uptimeNanoseconds / UInt64(tick.nanoseconds))
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        task = eventLoop.scheduleRepeatedTask(initialDelay: tick, delay: tick) { _ in bound.value.advance() }
    }

    private func advance() {
        let now = eventLoop.now
        let current = Int64(clamping: now.uptimeNanoseconds / UInt64(tick.nanoseconds))
        let first = max(passed + 1, current - Int64(slots.count) + 1)
        passed = max(passed, current)
        guard first <= current else { return }
        var due: [Member] = []
        for number in first...current {
            let slot = Int(number % Int64(slots.count))
            due.append(contentsOf: slots[slot])
            slots[slot] = []
        }
        members -= due.count
        for member in due {
            member.timeoutPosition = nil
        }
        for member in due where member.timeoutPosition == nil {
            member.timeoutPassed(now: now)
        }
        if members == 0 {
            task?.cancel()
            task = nil
        }
    }
}

/// The wheels of a program's WebSocket sessions, one per event loop, made as they are needed.
package final class WebSocketTimeouts: Sendable {
    private let tick: TimeAmount
    private let wheels = Mutex<[ObjectIdentifier: NIOLoopBound<TimeoutWheel<WebSocketSessionHandler>>]>([:])

    /// Makes the set of wheels; `tick` is the accuracy of every session time-out (default 250 ms).
    package init(tick: TimeAmount = .milliseconds(250)) {
        self.tick = tick
    }

    func wheel(on eventLoop: any EventLoop) -> TimeoutWheel<WebSocketSessionHandler> {
        let tick = tick
        return wheels.withLock { wheels in
            let key = ObjectIdentifier(eventLoop)
            if let found = wheels[key] { return found }
            let made = NIOLoopBound(
                TimeoutWheel<WebSocketSessionHandler>(eventLoop: eventLoop, tick: tick),
                eventLoop: eventLoop
            )
            wheels[key] = made
            return made
        }.value
    }
}
