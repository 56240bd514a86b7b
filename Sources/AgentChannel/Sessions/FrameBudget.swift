package import NIOCore

/// How many frames an agent may send: 120 at once, 4 more each second.
///
/// A daemon sends a heartbeat every 20 s and little else unasked; what is far beyond is a fault or a flood, and its
/// channel is closed as a protocol error. What the server asks for costs the agent nothing: see ``grant(_:)``.
package struct FrameBudget {
    package static let burst = 120
    package static let perSecond = 4
    /// What a new token makes a daemon send: its answer, the proof, and `agent.rotation_complete`.
    package static let perRotation = 3

    private var left = FrameBudget.burst
    private var refilled: NIODeadline

    package init(now: NIODeadline) {
        refilled = now
    }

    /// Takes one frame; false if there is none left.
    package mutating func take(now: NIODeadline) -> Bool {
        let seconds = (now - refilled).nanoseconds / 1_000_000_000
        if seconds > 0 {
            left = max(left, min(Self.burst, left + Int(min(seconds, 3600)) * Self.perSecond))
            refilled = refilled + .seconds(seconds)
        }
        guard left > 0 else { return false }
        left -= 1
        return true
    }

    /// Adds the frames that a question of the server will bring.
    package mutating func grant(_ frames: Int) { left += frames }
}
