/// The settings as they hold: what was stored, and the default for all else.
package struct SettingValues: Hashable, Sendable {
    private var values: [SettingKey: Int]

    /// All defaults.
    package init() { values = [:] }

    /// Takes what is stored; a bad value falls back to its default and is told in `faults` (ROT).
    package init(stored: [String: String]) {
        self.init(stored: stored, faults: nil)
    }

    /// Reads what is stored together with the keys whose value could not be used.
    package static func read(stored: [String: String]) -> (values: SettingValues, faults: [SettingFault]) {
        var faults: [SettingFault] = []
        let values = SettingValues(stored: stored) { faults.append($0) }
        return (values, faults)
    }

    private init(stored: [String: String], faults report: ((SettingFault) -> Void)?) {
        values = SettingKey.values(stored: stored) { report?($0) }
    }

    /// The values that hold for an organization with values of its own: of each setting that organizations may narrow
    /// the smaller of the two (ORG-11).
    package func narrowed(by own: [SettingKey: Int]) -> SettingValues {
        var narrowed = self
        for (key, value) in own where key.declaration.level == .organization {
            narrowed.values[key] = min(value, self[key])
        }
        return narrowed
    }

    /// The value that holds.
    package subscript(_ key: SettingKey) -> Int {
        values[key] ?? key.declaration.standard
    }

    /// Sets values, or tells what is wrong with them; nothing is changed then.
    package mutating func change(_ changes: [SettingKey: Int]) -> [SettingFault] {
        var faults: [SettingFault] = []
        var changed = self
        for (key, value) in changes {
            if !key.declaration.range.contains(value) {
                faults.append(SettingFault(key: key.rawValue, message: key.rangeSentence))
            }
            changed.values[key] = value
        }
        if faults.isEmpty { faults = changed.crossFaults }
        if faults.isEmpty { self = changed }
        return faults.sorted { $0.key < $1.key }
    }

    /// The scheduler has to look at least four times in the shortest period.
    private var crossFaults: [SettingFault] {
        let longest = longestCheckInterval
        guard self[.rotationCheckIntervalSeconds] > longest else { return [] }
        let key = SettingKey.rotationCheckIntervalSeconds.rawValue
        return [SettingFault(key: key, message: "must be at most \(longest), a quarter of the rotation period")]
    }

    private var longestCheckInterval: Int { self[.agentTokenRotationDays] * 86400 / 4 }
}

extension SettingValues {
    /// The value of ``SettingKey/agentTokenRotationDays``.
    package var agentTokenRotationPeriod: Duration { .days(self[.agentTokenRotationDays]) }
    /// The value of ``SettingKey/agentTokenGracePeriodMinutes``.
    package var agentTokenGracePeriod: Duration { .minutes(self[.agentTokenGracePeriodMinutes]) }
    /// The value of ``SettingKey/agentOfflineAllowanceDays``.
    package var agentOfflineAllowance: Duration { .days(self[.agentOfflineAllowanceDays]) }
    /// The value of ``SettingKey/installTokenMinutes``.
    package var installTokenLife: Duration { .minutes(self[.installTokenMinutes]) }
    /// The value of ``SettingKey/sessionIdleHours``.
    package var sessionIdleLife: Duration { .hours(self[.sessionIdleHours]) }
    /// The value of ``SettingKey/sessionAbsoluteDays``.
    package var sessionAbsoluteLife: Duration { .days(self[.sessionAbsoluteDays]) }
    /// The value of ``SettingKey/rotationAckTimeoutSeconds``.
    package var rotationAckTimeout: Duration { .seconds(self[.rotationAckTimeoutSeconds]) }
    /// The value of ``SettingKey/rotationCheckIntervalSeconds``, at most a quarter of the period that holds.
    package var rotationCheckInterval: Duration {
        .seconds(min(self[.rotationCheckIntervalSeconds], longestCheckInterval))
    }
    /// The value of ``SettingKey/rotationRatePerSecond``.
    package var rotationRatePerSecond: Int { self[.rotationRatePerSecond] }
}

/// What is wrong with the value of one setting.
package struct SettingFault: Hashable, Sendable {
    package let key: String
    package let message: String

    package init(key: String, message: String) {
        self.key = key
        self.message = message
    }
}

extension SettingKey {
    /// Reads what is stored by name; what can't be used is told and left out.
    static func values(stored: [String: String], _ report: (SettingFault) -> Void) -> [SettingKey: Int] {
        var values: [SettingKey: Int] = [:]
        for (name, text) in stored.sorted(by: { $0.key < $1.key }) {
            guard let key = SettingKey(rawValue: name) else {
                report(SettingFault(key: name, message: "is not a setting"))
                continue
            }
            guard let value = Int(text), key.declaration.range.contains(value) else {
                report(SettingFault(key: name, message: key.rangeSentence))
                continue
            }
            values[key] = value
        }
        return values
    }

    /// What would be accepted, in words.
    package var rangeSentence: String {
        "must be a whole number from \(declaration.range.lowerBound) to \(declaration.range.upperBound)"
    }
}
