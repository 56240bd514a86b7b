/// Reads settings from `CLAVIGER_*` variables; other variables are nobody's business here.
package enum EnvironmentSource {
    package static func read(
        _ environment: [String: String]
    ) throws(ConfigurationError) -> [SettingDeclaration: ResolvedSettings.Entry] {
        var values: [SettingDeclaration: ResolvedSettings.Entry] = [:]
        // Sorted, so that the same environment is always refused with the same sentence.
        for (name, text) in environment.sorted(by: { $0.key < $1.key }) where name.hasPrefix(KnownVariables.prefix) {
            if KnownVariables.accepted.contains(name) { continue }
            guard let setting = ServerSetting.all.first(where: { $0.variables.contains(name) })
            else { throw Self.refusal(of: name) }
            let source: SettingSource = name == setting.variable ? .environment : .otherVariable(name)
            guard let value = setting.form.value(of: text) else {
                throw .malformed(setting, source, found: text)
            }
            if values[setting] != nil {
                throw ConfigurationError(
                    .contradiction,
                    "environment variables \(setting.variable) and \(name): both set \(setting.key); keep one of them."
                )
            }
            values[setting] = ResolvedSettings.Entry(setting: setting, value: value, source: source)
        }
        return values
    }

    private static func refusal(of name: String) -> ConfigurationError {
        if KnownVariables.debugOnly.contains(where: { $0.name == name }) {
            return ConfigurationError(
                .unknownKey,
                "environment variable \(name) works in debug builds only; unset it to start this build."
            )
        }
        return .unknown(name, in: "environment", candidates: ServerSetting.all.flatMap(\.variables))
    }
}
