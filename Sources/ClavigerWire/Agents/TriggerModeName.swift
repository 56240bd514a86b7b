/// What may start a run of an agent.
public enum TriggerModeName: String, Codable, Sendable, CaseIterable {
    /// A person or an API call.
    case manual
    /// A signed webhook.
    case webhook
    /// A cron schedule.
    case schedule
    /// An event.
    case event
}
