/// The time, as an input: the composition root makes the real one, a test moves its own by hand.
package struct WallClock: Sendable {
    package let now: @Sendable () -> Instant

    package init(now: @escaping @Sendable () -> Instant) {
        self.now = now
    }
}

/// Random bytes, as an input: the composition root gives the system's generator, a test a fixed one.
package struct RandomSource: Sendable {
    /// Answers this many bytes.
    package let bytes: @Sendable (Int) -> [UInt8]

    package init(bytes: @escaping @Sendable (Int) -> [UInt8]) {
        self.bytes = bytes
    }

    /// The operating system's generator.
    package static let system = RandomSource { count in
        // Eight at a time: each call of the generator is one of the operating system's.
        var generator = SystemRandomNumberGenerator()
        var bytes: [UInt8] = []
        bytes.reserveCapacity(max(0, count) + 8)
        while bytes.count < count { withUnsafeBytes(of: generator.next()) { bytes.append(contentsOf: $0) } }
        bytes.removeLast(bytes.count - max(0, count))
        return bytes
    }
}
