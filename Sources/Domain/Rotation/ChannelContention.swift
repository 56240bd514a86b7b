/// Counts how often daemons with the same credential threw each other out (ROT-8).
///
/// Three mutual replacements within five minutes mean two machines with one identity. A replacement is mutual if the
/// newcomer is somebody who was thrown out itself within that time: a machine that roams from address to address
/// replaces its own older channels and nobody comes back.
package struct ChannelContention: Hashable, Sendable {
    package static let limit = 3
    package static let window = Duration.seconds(300)

    var replacements: [Instant] = []
    /// When each peer was thrown out last.
    var thrownOut: [String: Instant] = [:]

    package init() {}

    /// The newer peer's channel replaced the older peer's, which was alive; answers whether that is contention now.
    package mutating func replaced(_ older: String, by newer: String, at now: Instant) -> Bool {
        thrownOut = thrownOut.filter { now - $0.value < Self.window }
        let isMutual = older == newer || thrownOut[newer] != nil
        thrownOut[older] = now
        guard isMutual else { return false }
        replacements.removeAll { now - $0 >= Self.window }
        replacements.append(now)
        guard replacements.count >= Self.limit else { return false }
        replacements.removeAll()
        return true
    }
}
