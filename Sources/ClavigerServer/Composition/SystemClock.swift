import Domain
import Glibc
package import Store
import Synchronization

/// The machine's clock, made into a value here and nowhere else.
package enum SystemClock {
    /// Database time as this process knows it, once the distance from the database's clock is measured.
    ///
    /// In a debug build `CLAVIGER_TEST_CLOCK_FILE` may name a file with seconds that are added to time itself, and
    /// `CLAVIGER_TEST_CLOCK_SKEW` may say by how many seconds this machine's clock is wrong.
    package static func make(environment: [String: String]) -> DatabaseClock {
        #if DEBUG
        let skew = (environment[KnownVariables.testClockSkew.name].flatMap { Int64($0) } ?? 0) * 1_000_000
        let wall = WallClock { Instant(microseconds: realtimeMicroseconds() + skew) }
        if let path = environment[KnownVariables.testClock.name], !path.isEmpty {
            let offset = TestClockOffset(path: path)
            return DatabaseClock(wall: wall, shift: { .microseconds(offset.microseconds()) })
        }
        return DatabaseClock(wall: wall)
        #else
        return DatabaseClock(wall: WallClock { Instant(microseconds: realtimeMicroseconds()) })
        #endif
    }

    static func realtimeMicroseconds() -> Int64 { microseconds(of: CLOCK_REALTIME) }

    static func monotonicMicroseconds() -> Int64 { microseconds(of: CLOCK_BOOTTIME) }

    private static func microseconds(of clock: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
    }
}

#if DEBUG
/// The offset in the test clock's file, read again at most every 20 ms.
private final class TestClockOffset: Sendable {
    private struct Reading {
        var microseconds: Int64 = 0
        var readAt: Int64 = .min
    }

    private let path: String
    private let last = Mutex(Reading())

    init(path: String) {
        self.path = path
    }

    func microseconds() -> Int64 {
        let now = SystemClock.monotonicMicroseconds()
        return last.withLock { reading in
            if reading.readAt == .min || now - reading.readAt >= 20_000 {
                reading.microseconds = readFile() ?? reading.microseconds
                reading.readAt = now
            }
            return reading.microseconds
        }
    }

    /// The offset in the file; nil while the file is missing or half written.
    private func readFile() -> Int64? {
        guard let text = try? PrivateFile.read(path), let end = text.lastIndex(where: { $0.isNumber }) else {
            return nil
        }
        guard let seconds = Int64(text[...end].drop { $0 == " " }) else { return nil }
        let (microseconds, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000)
        return overflow ? nil : microseconds
    }
}
#endif
