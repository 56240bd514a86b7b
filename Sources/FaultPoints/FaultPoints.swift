/// Named places at which a test can kill the process.
///
/// Every step of enrolment, rotation and revocation calls ``reach(_:)`` before and after its commit. In a debug build
/// whose environment has `CLAVIGER_CRASH_AT=<name>` the process kills itself with `SIGKILL` when it gets there for the
/// first time; `<name>:3` means the third time. In a release build the call is nothing.
///
/// This target imports the C library and nothing else, so that every floor can use it.
#if DEBUG
#if canImport(Musl)
internal import Musl
#else
internal import Glibc
#endif
internal import Synchronization

package enum FaultPoints {
    /// The place this process is to die at, read once from the environment.
    private static let armed: ArmedPoint? = ArmedPoint.fromEnvironment()

    /// Kills the process if the environment armed this place, and the count is reached.
    package static func reach(_ name: StaticString) {
        guard let armed, armed.isHit(by: name) else { return }
        kill(getpid(), SIGKILL)
    }
}

private final class ArmedPoint: Sendable {
    private let name: [UInt8]
    private let remaining: Mutex<Int>

    private init(name: [UInt8], count: Int) {
        self.name = name
        remaining = Mutex(count)
    }

    static func fromEnvironment() -> ArmedPoint? {
        guard let raw = getenv("CLAVIGER_CRASH_AT") else { return nil }
        let parts = String(cString: raw).split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard let name = parts.first, !name.isEmpty else { return nil }
        let count = parts.count == 2 ? Int(parts[1]) ?? 1 : 1
        return ArmedPoint(name: Array(name.utf8), count: count)
    }

    func isHit(by place: StaticString) -> Bool {
        let matches = place.withUTF8Buffer { $0.elementsEqual(name) }
        guard matches else { return false }
        return remaining.withLock { left in
            left -= 1
            return left == 0
        }
    }
}
#else
package enum FaultPoints {
    /// Nothing: places exist in debug builds only.
    @inlinable
    @inline(__always)
    package static func reach(_: StaticString) {}
}
#endif
