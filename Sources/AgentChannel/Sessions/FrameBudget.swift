import NIOCore

/// How many frames an agent may send: 120 at once, 4 more each second.
///
/// A daemon sends a heartbeat every 20 s and a handful of frames in a rotation; what is far beyond is a fault or a
/// flood, and its channel is closed as a protocol error.
struct FrameBudget {
    static let burst = 120
    static let perSecond = 4

    private var left = FrameBudget.burst
    private var refilled: NIODeadline

    init(now: NIODeadline) {
        refilled = now
    }

    /// Takes one frame; false if there is none left.
    mutating func take(now: NIODeadline) -> Bool {
        let seconds = (now - refilled).nanoseconds / 1_000_000_000
        if seconds > 0 {
            left = min(Self.burst, left + Int(min(seconds, 3600)) * Self.perSecond)
            refilled = refilled + .seconds(seconds)
        }
        guard left > 0 else { return false }
        left -= 1
        return true
    }
}
