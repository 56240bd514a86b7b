internal import Domain
internal import SQLDatabase
internal import Store
internal import StrictJSON

/// One setting that somebody wants to have another value.
struct SettingChange: Sendable {
    let key: SettingKey
    /// The wanted value; absent for the one that holds without it.
    let value: Int?

    /// Reads a request; its refusal names every field that can't be accepted.
    static func read(
        _ changes: JSONObject,
        at level: SettingDeclaration.Level
    ) throws(ControlPlaneError) -> [SettingChange] {
        var wanted: [SettingChange] = []
        var faults: [FieldFault] = []
        for field in changes.fields {
            let path = JSONPointer().appending(field.name).text
            if let key = SettingKey(rawValue: field.name) {
                let value = field.value.integerValue.flatMap { Int(exactly: $0) }
                if level == .organization, key.declaration.level == .server {
                    faults.append(FieldFault(path: path, message: key.ofServerSentence))
                } else if field.value.isNull || value.map(key.declaration.range.contains) == true {
                    wanted.append(SettingChange(key: key, value: value))
                } else {
                    faults.append(FieldFault(path: path, message: key.rangeSentence))
                }
            } else {
                faults.append(FieldFault(path: path, message: "is not a setting"))
            }
        }
        if changes.isEmpty { faults.append(FieldFault(path: "", message: "must name at least one setting")) }
        guard faults.isEmpty else { throw .invalid(faults) }
        return wanted.sorted { $0.key.rawValue < $1.key.rawValue }
    }

    /// Whether a request names one of the server's own settings.
    static func namesServer(_ changes: JSONObject) -> Bool {
        changes.fields.contains { SettingKey(rawValue: $0.name)?.declaration.level == .server }
    }
}

/// The transaction that changes settings of the server or of one organization, with everything that was made before it.
struct SettingWriting: Sendable {
    let wanted: [(change: SettingChange, eventID: EventID)]
    let caller: Caller
    let now: Instant

    init(_ wanted: [SettingChange], by caller: Caller, _ context: ControlPlaneContext) {
        self.wanted = wanted.map { ($0, context.ids.next()) }
        self.caller = caller
        now = context.now()
    }

    /// Sets the server's values, which stand for every organization that has no narrower one.
    func writeServer(in tx: borrowing Transaction) throws {
        let before = try SettingsService.values(in: tx)
        var after = before
        let filled = wanted.map { ($0.change.key, $0.change.value ?? $0.change.key.declaration.standard) }
        let faults = after.change(Dictionary(uniqueKeysWithValues: filled))
        guard faults.isEmpty else { throw Self.refusal(faults) }
        for (change, eventID) in wanted {
            let name = change.key.rawValue
            if let value = change.value {
                try SettingStore.set(name, to: String(value), by: caller.actor.id, now: now, in: tx)
            } else {
                _ = try SettingStore.remove(name, in: tx)
            }
            try audit(change, eventID, in: nil, before[change.key], after[change.key], tx)
        }
    }

    /// Sets an organization's own values, none of them wider than the server's (ORG-11).
    func write(to organization: OrganizationID, in tx: borrowing Transaction) throws {
        let server = try SettingsService.values(in: tx)
        let faults = wanted.compactMap { change, _ -> SettingFault? in
            guard let value = change.value, value > server[change.key] else { return nil }
            let message =
                "must be at most \(server[change.key]), the server's value, which an organization only narrows"
            return SettingFault(key: change.key.rawValue, message: message)
        }
        guard faults.isEmpty else { throw Self.refusal(faults) }
        let before = try SettingsService.values(of: organization, in: tx)
        for (change, eventID) in wanted {
            let name = change.key.rawValue
            if let value = change.value {
                try OrganizationSettingStore.set(
                    name,
                    to: String(value),
                    of: organization,
                    by: caller.actor.id,
                    now: now,
                    in: tx
                )
            } else {
                try OrganizationSettingStore.remove(name, of: organization, in: tx)
            }
            let after = change.value ?? server[change.key]
            try audit(change, eventID, in: organization, before[change.key], after, tx)
        }
    }

    private func audit(
        _ change: SettingChange,
        _ id: EventID,
        in organization: OrganizationID?,
        _ before: Int,
        _ after: Int,
        _ tx: borrowing Transaction
    ) throws {
        var event = caller.auditEvent(
            id: id,
            at: now,
            action: "setting.update",
            target: AuditTarget(kind: "setting", id: change.key.rawValue),
            before: String(before),
            after: String(after)
        )
        event.organizationID = organization
        event.workspaceID = nil
        try AuditStore.append(event, in: tx)
    }

    private static func refusal(_ faults: [SettingFault]) -> ControlPlaneError {
        .invalid(faults.map { FieldFault(path: "/\($0.key)", message: $0.message) })
    }
}
