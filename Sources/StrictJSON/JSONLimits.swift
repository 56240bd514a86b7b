/// Bounds on a JSON text, checked while it is read.
package struct JSONLimits: Sendable, Hashable {
    /// The greatest depth any limit may allow; it keeps recursive walks over values within a thread's stack.
    package static let greatestDepth = 256

    /// The longest text in bytes; one byte more is refused before the first is read.
    ///
    /// Default 1 MiB.
    package let maximumBytes: Int
    /// How many arrays and objects may stand inside each other; a scalar alone has depth 0.
    ///
    /// Default 32.
    package let maximumDepth: Int

    /// Makes limits; values below zero count as zero, depth is capped at ``greatestDepth``.
    package init(maximumBytes: Int = 1 << 20, maximumDepth: Int = 32) {
        self.maximumBytes = min(max(maximumBytes, 0), Int(Int32.max) - 1)
        self.maximumDepth = min(max(maximumDepth, 0), Self.greatestDepth)
    }

    /// 1 MiB, 32 levels.
    package static let standard = JSONLimits()
}
