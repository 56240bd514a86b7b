package import Domain
internal import Logging
package import SQLDatabase
internal import Store
package import StrictJSON

/// The settings that are changed while the server runs.
package struct SettingsService: Sendable {
    /// One setting as it holds now.
    package struct Setting: Hashable, Sendable {
        package let key: SettingKey
        package let value: Int
        /// What is wrong with the stored value, if the default stands in for it.
        package let problem: String?
    }

    private let context: ControlPlaneContext

    package init(context: ControlPlaneContext) {
        self.context = context
    }

    /// The values that hold, for a transaction that decides by them.
    package static func values(in tx: borrowing Transaction) throws -> SettingValues {
        SettingValues(stored: try SettingStore.all(in: tx))
    }

    /// The values that hold; bad stored ones are logged.
    package func values() async throws(ControlPlaneError) -> SettingValues {
        let stored = try await context.read { tx in try SettingStore.all(in: tx) }
        let (values, faults) = SettingValues.read(stored: stored)
        for fault in faults {
            context.logger.warning(
                "A stored setting can't be used; its default holds",
                metadata: ["setting": "\(fault.key)", "problem": "\(fault.message)"]
            )
        }
        return values
    }

    /// All settings, for whoever may see the agents they are about.
    package func list(caller: Caller) async throws(ControlPlaneError) -> [Setting] {
        try await context.authorize(caller, .settingsRead, as: "setting.list")
        return try await context.read { tx in Self.settings(stored: try SettingStore.all(in: tx)) }
    }

    /// Changes some settings, all or none, and answers all of them.
    ///
    /// Those of an organization need `org:manage`, those of the server `server:settings`; `null` brings the default
    /// back.
    package func update(_ changes: JSONObject, caller: Caller) async throws(ControlPlaneError) -> [Setting] {
        let wanted = try SettingChange.read(changes)
        for level in Set(wanted.map(\.key.declaration.level)).sorted(by: { $0.rawValue < $1.rawValue }) {
            let action: ScopeAction = level == .server ? .serverSettings : .settingsUpdate
            try await context.authorize(caller, action, as: "setting.update")
        }
        let now = context.now()
        let identified = wanted.map { (change: $0, eventID: context.ids.next(EventID.self)) }
        return try await context.write { tx in
            let before = try Self.values(in: tx)
            var after = before
            let faults = after.change(Dictionary(uniqueKeysWithValues: wanted.map { ($0.key, $0.filled) }))
            guard faults.isEmpty else {
                throw ControlPlaneError.invalid(faults.map { FieldFault(path: "/\($0.key)", message: $0.message) })
            }
            for (change, eventID) in identified {
                try change.write(by: caller, now: now, in: tx)
                let event = caller.auditEvent(
                    id: eventID,
                    at: now,
                    action: "setting.update",
                    target: AuditTarget(kind: "setting", id: change.key.rawValue),
                    before: String(before[change.key]),
                    after: String(after[change.key])
                )
                try AuditStore.append(event, in: tx)
            }
            return Self.settings(stored: try SettingStore.all(in: tx))
        }
    }

    private static func settings(stored: [String: String]) -> [Setting] {
        let (values, faults) = SettingValues.read(stored: stored)
        let problems = Dictionary(faults.map { ($0.key, $0.message) }, uniquingKeysWith: { first, _ in first })
        return SettingKey.allCases.map { key in
            Setting(key: key, value: values[key], problem: problems[key.rawValue])
        }
    }
}
