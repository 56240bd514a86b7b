/// Counts how often two daemons with the same credential threw each other out (ROT-8).
///
/// Three mutual replacements within five minutes mean two machines with one identity.
package struct ChannelContention: Hashable, Sendable {
    package static let limit = 3
    package static let window = Duration.seconds(300)

    private var replacements: [Instant] = []

    package init() {}

    /// A channel replaced another that was alive; answers whether that is contention now.
    package mutating func replaced(at now: Instant) -> Bool {
        replacements.removeAll { now - $0 >= Self.window }
        replacements.append(now)
        guard replacements.count >= Self.limit else { return false }
        replacements.removeAll()
        return true
    }
}
