/// How urgent a rotation is, in growing order.
public enum RotationModeName: String, Codable, Sendable, CaseIterable {
    /// The old token works until the grace ends.
    case graceful
    /// The old token dies when the new one is promoted.
    case immediate
    /// The old token dies at once; this may strand the agent.
    case force
}
