/// What is done to a machine identity that exists; the last segment of its path.
public enum IdentityAction: String, Sendable, CaseIterable {
    /// A new text for a service account's token, or a rotation of an agent's.
    case rotate
    /// Refuses it until it is resumed; idempotent.
    case pause
    /// Lets a paused one work again; idempotent.
    case resume
    /// Kills every token for ever, and with them a service account.
    case revoke

    /// Where it is asked for: POST.
    public var path: APIPath {
        switch self {
        case .rotate: .rotateIdentity
        case .pause: .pauseIdentity
        case .resume: .resumeIdentity
        case .revoke: .revokeIdentity
        }
    }
}
