package import Domain
import Glibc
import Synchronization

/// The machine's clock, made into a value here and nowhere else.
package enum SystemClock {
    /// The clock of this process.
    ///
    /// In a debug build `CLAVIGER_TEST_CLOCK_FILE` may name a file with an offset in seconds, which is added.
    package static func make(environment: [String: String]) -> WallClock {
        #if DEBUG
        if let path = environment[KnownVariables.testClock.name], !path.isEmpty {
            let offset = TestClockOffset(path: path)
            return WallClock { Instant(microseconds: realtimeMicroseconds() + offset.microseconds()) }
        }
        #endif
        return WallClock { Instant(microseconds: realtimeMicroseconds()) }
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
