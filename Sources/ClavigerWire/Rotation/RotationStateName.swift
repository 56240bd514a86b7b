/// The states of a rotation (ROT-1).
public enum RotationStateName: String, Codable, Sendable, CaseIterable {
    /// Waiting for the agent; no token exists yet.
    case requested
    /// A pending token exists.
    case issued
    /// The new token was sent on the channel.
    case delivered
    /// The agent answered that the token is durable.
    case stored
    /// The new token was used on the channel and counts; the rotation is over.
    case promoted
    /// An operator ended it.
    case cancelled
    /// It ended with an error.
    case failed
    /// The pending token outlived its time; the agent needs a reset.
    case expired
}
