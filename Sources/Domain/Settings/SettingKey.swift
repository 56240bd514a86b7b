/// The settings that live in the database and are changed while the server runs.
///
/// Each is a whole number, declared once: unit, range, default, who may change it, and one sentence.
package enum SettingKey: String, CaseIterable, Sendable {
    case agentTokenRotationDays = "agent_token_rotation_days"
    case agentTokenGracePeriodMinutes = "agent_token_grace_period_minutes"
    case agentOfflineAllowanceDays = "agent_offline_allowance_days"
    case installTokenMinutes = "install_token_minutes"
    case sessionIdleHours = "session_idle_hours"
    case sessionAbsoluteDays = "session_absolute_days"
    case rotationAckTimeoutSeconds = "rotation_ack_timeout_seconds"
    case rotationCheckIntervalSeconds = "rotation_check_interval_seconds"
    case rotationRatePerSecond = "rotation_rate_per_second"

    package var declaration: SettingDeclaration {
        switch self {
        case .agentTokenRotationDays:
            SettingDeclaration(
                range: 1...365,
                standard: 7,
                unit: "days",
                level: .organization,
                sentence: "How old an agent token gets before it is rotated."
            )
        case .agentTokenGracePeriodMinutes:
            SettingDeclaration(
                range: 1...60,
                standard: 5,
                unit: "minutes",
                level: .organization,
                sentence: "How long the previous token works after a graceful rotation."
            )
        case .agentOfflineAllowanceDays:
            SettingDeclaration(
                range: 0...365,
                standard: 30,
                unit: "days",
                level: .organization,
                sentence: "How long past its token's expiry an agent may still come back and be renewed."
            )
        case .installTokenMinutes:
            SettingDeclaration(
                range: 1...1440,
                standard: 30,
                unit: "minutes",
                level: .organization,
                sentence: "How long an install token can be used."
            )
        case .sessionIdleHours:
            SettingDeclaration(
                range: 1...168,
                standard: 12,
                unit: "hours",
                level: .organization,
                sentence: "How long a session lives without being used."
            )
        case .sessionAbsoluteDays:
            SettingDeclaration(
                range: 1...30,
                standard: 7,
                unit: "days",
                level: .organization,
                sentence: "How long a session lives at most."
            )
        case .rotationAckTimeoutSeconds:
            SettingDeclaration(
                range: 5...300,
                standard: 30,
                unit: "seconds",
                level: .server,
                sentence: "How long the server waits for an agent to answer that a new token is stored."
            )
        case .rotationCheckIntervalSeconds:
            SettingDeclaration(
                range: 10...86400,
                standard: 3600,
                unit: "seconds",
                level: .server,
                sentence: "How often the scheduler looks for tokens that are due; at most a quarter of the period."
            )
        case .rotationRatePerSecond:
            SettingDeclaration(
                range: 1...1000,
                standard: 200,
                unit: "rotations per second",
                level: .server,
                sentence: "How many rotations the scheduler starts in a second."
            )
        }
    }
}

/// What is known of a setting.
package struct SettingDeclaration: Hashable, Sendable {
    /// Whose values there are.
    ///
    /// - ``organization``: the server's, which server administrators set with `server:settings` and which stands for
    ///   all; each organization may set a narrower one, that is a smaller one, for itself with `org:manage`.
    /// - ``server``: the server's alone.
    package enum Level: String, CaseIterable, Sendable {
        case organization, server
    }

    package let range: ClosedRange<Int>
    package let standard: Int
    package let unit: String
    package let level: Level
    package let sentence: String
}
