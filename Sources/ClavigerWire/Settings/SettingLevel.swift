/// Whose values `PATCH /settings?level=…` changes.
public enum SettingLevel: String, Codable, CaseIterable, Sendable {
    /// The caller's organization's own, never wider than the server's; needs `org:manage`.
    case organization
    /// Those that stand for all organizations; needs `server:settings`.
    case server
}
