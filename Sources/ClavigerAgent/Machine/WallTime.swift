#if canImport(Musl)
import Musl
#else
import Glibc
#endif

/// The machine's time as the protocol writes it.
package enum WallTime {
    /// Now, as RFC 3339 with seconds and `Z`.
    package static func now() -> String {
        var seconds = time(nil)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        return text(
            [Int(parts.tm_year) + 1900, Int(parts.tm_mon) + 1, Int(parts.tm_mday)],
            [Int(parts.tm_hour), Int(parts.tm_min), Int(parts.tm_sec)]
        )
    }

    private static func text(_ day: [Int], _ clock: [Int]) -> String {
        func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return day.map(padded).joined(separator: "-") + "T" + clock.map(padded).joined(separator: ":") + "Z"
    }
}
