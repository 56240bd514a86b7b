/// Every setting with its value and the source that gave it, after all sources were read.
package struct ResolvedSettings: Sendable {
    /// One setting as it stands.
    package struct Entry: Sendable {
        package let setting: SettingDeclaration
        package let value: SettingValue?
        package let source: SettingSource

        /// The value for people: redacted where secret, `-` if unset.
        package var shownValue: String {
            guard let value else { return "-" }
            if setting.isSecret { return "[redacted]" }
            return setting.form == .database ? DatabaseLocation.shown(value.text) : value.text
        }
    }

    /// In the order of ``ServerSetting/all``.
    package let entries: [Entry]

    /// Reads all sources; flags win over the environment, and that over the file.
    ///
    /// Every source is checked whole, also where another source wins.
    package init(
        flags: [String],
        environment: [String: String],
        file: (path: String, text: String)?
    ) throws(ConfigurationError) {
        let flagValues = try FlagSource.read(flags)
        let environmentValues = try EnvironmentSource.read(environment)
        let fileValues =
            if let file { try FileSource.read(file.text, path: file.path) } else {
                [SettingDeclaration: SettingValue]()
            }
        var entries: [Entry] = []
        for setting in ServerSetting.all {
            if let value = flagValues[setting] {
                entries.append(Entry(setting: setting, value: value, source: .flag))
            } else if let entry = environmentValues[setting] {
                entries.append(entry)
            } else if let file, let value = fileValues[setting] {
                entries.append(Entry(setting: setting, value: value, source: .file(file.path)))
            } else {
                let value = setting.defaultText.flatMap { setting.form.value(of: $0) }
                entries.append(Entry(setting: setting, value: value, source: .standard))
            }
        }
        self.entries = entries
    }

    package func entry(_ setting: SettingDeclaration) -> Entry {
        entries.first { $0.setting == setting } ?? Entry(setting: setting, value: nil, source: .standard)
    }

    package func text(_ setting: SettingDeclaration) -> String? { entry(setting).value?.text }

    package func flag(_ setting: SettingDeclaration) -> Bool { entry(setting).value == .flag(true) }

    package func integer(_ setting: SettingDeclaration) -> Int {
        guard case .integer(let number)? = entry(setting).value else { return 0 }
        return number
    }

    package func list(_ setting: SettingDeclaration) -> [String] {
        guard case .list(let items)? = entry(setting).value else { return [] }
        return items
    }
}
