package import Domain

/// Database time: this process's clock plus its measured distance from the database's (DST-6).
///
/// Deadlines are written and compared with it. On SQLite the distance is nothing, for there is one machine.
package struct DatabaseClock: Sendable {
    private let wall: WallClock
    private let offset: @Sendable () -> Duration

    package init(wall: WallClock, offset: @escaping @Sendable () -> Duration = { .zero }) {
        self.wall = wall
        self.offset = offset
    }

    package func now() -> Instant { wall.now() + offset() }
}
