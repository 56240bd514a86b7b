package import Domain
package import SQLDatabase

/// Database time: this process's clock plus its measured distance from the database's (DST-6).
///
/// Deadlines are written and compared with it. On SQLite the distance is nothing, for there is one machine.
package struct DatabaseClock: Sendable {
    private let wall: WallClock
    private let offset: ClockOffset
    /// What tests add to time itself.
    private let shift: @Sendable () -> Duration

    package init(
        wall: WallClock,
        offset: ClockOffset = ClockOffset(),
        shift: @escaping @Sendable () -> Duration = { .zero }
    ) {
        self.wall = wall
        self.offset = offset
        self.shift = shift
    }

    package func now() -> Instant { wall.now() + offset.current + shift() }

    /// Reads the change log, and the database's clock with it where it has one of its own.
    package func poll(
        _ window: ChangeWindow?,
        limit: Int,
        in database: any Database
    ) async throws -> ChangePoll {
        let sentAt = wall.now()
        let poll = try await database.readUrgently { tx in try ChangeLogStore.poll(window, limit: limit, in: tx) }
        if let time = poll.databaseTime { offset.measured(time, sentAt: sentAt, receivedAt: wall.now()) }
        return poll
    }

    /// Measures the distance before anything else is asked of the database.
    package func measure(_ database: any Database) async throws {
        guard database.dialect == .postgres else { return }
        let sentAt = wall.now()
        let time = try await database.read { tx in try ChangeLogStore.databaseTime(in: tx) }
        if let time { offset.measured(time, sentAt: sentAt, receivedAt: wall.now()) }
    }
}
