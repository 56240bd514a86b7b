/// Answer to `GET` and `PATCH /settings`.
public struct SettingsResponse: Codable, Sendable, Equatable {
    /// All settings, sorted by key.
    public var data: [SettingResponse]

    /// Makes it from its fields.
    public init(data: [SettingResponse]) {
        self.data = data
    }

    private enum CodingKeys: String, CodingKey {
        case data
    }
}
