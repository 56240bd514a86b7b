internal import Domain
internal import SQLDatabase
internal import Store
internal import StrictJSON

/// One setting that somebody wants to have another value.
struct SettingChange: Sendable {
    let key: SettingKey
    /// The wanted value; absent for the default.
    let value: Int?

    /// The value that will hold.
    var filled: Int { value ?? key.declaration.standard }

    /// Reads a request; its refusal names every field that can't be accepted.
    static func read(_ changes: JSONObject) throws(ControlPlaneError) -> [SettingChange] {
        var wanted: [SettingChange] = []
        var faults: [FieldFault] = []
        for field in changes.fields {
            let path = JSONPointer().appending(field.name).text
            if let key = SettingKey(rawValue: field.name) {
                let value = field.value.integerValue.flatMap { Int(exactly: $0) }
                if field.value.isNull || value.map(key.declaration.range.contains) == true {
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

    func write(by caller: Caller, now: Instant, in tx: borrowing Transaction) throws {
        if let value {
            try SettingStore.set(key.rawValue, to: String(value), by: caller.actor.id, now: now, in: tx)
        } else {
            _ = try SettingStore.remove(key.rawValue, in: tx)
        }
    }
}
