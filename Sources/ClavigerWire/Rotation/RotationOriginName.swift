/// Who set a rotation going.
public enum RotationOriginName: String, Codable, Sendable, CaseIterable {
    /// A person or an API client.
    case `operator`
    /// The scheduler, before the token expires.
    case scheduler
    /// The server, when an agent came back with an expired or superseded token.
    case renewal
}
