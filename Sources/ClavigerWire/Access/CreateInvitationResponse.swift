/// Answer to `POST /invitations`: the invitation and its secret, once.
public struct CreateInvitationResponse: Codable, Sendable, Equatable {
    /// The invitation.
    public var invitation: InvitationResponse
    /// Its secret, shown once; null in a replay.
    public var invitationToken: String?
    /// The link with the secret in its fragment; null in a replay.
    public var invitationURL: String?
    /// True in a replay of the same idempotency key; otherwise absent.
    public var secretAlreadyShown: Bool?

    /// Makes it from its fields.
    public init(
        invitation: InvitationResponse,
        invitationToken: String? = nil,
        invitationURL: String? = nil,
        secretAlreadyShown: Bool? = nil
    ) {
        self.invitation = invitation
        self.invitationToken = invitationToken
        self.invitationURL = invitationURL
        self.secretAlreadyShown = secretAlreadyShown
    }

    private enum CodingKeys: String, CodingKey {
        case invitation
        case invitationToken = "invitation_token"
        case invitationURL = "invitation_url"
        case secretAlreadyShown = "secret_already_shown"
    }

    /// Writes all fields; those that have no value now but belong to the answer are written as `null`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(invitation, forKey: .invitation)
        try container.encode(invitationToken, forKey: .invitationToken)
        try container.encode(invitationURL, forKey: .invitationURL)
        try container.encodeIfPresent(secretAlreadyShown, forKey: .secretAlreadyShown)
    }
}
