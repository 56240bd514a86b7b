/// The settings as the markdown table of `docs/configuration.md`.
package enum SettingsTable {
    package static var markdown: String {
        var lines = [
            "| key | flag | environment | value | default | meaning |",
            "|---|---|---|---|---|---|",
        ]
        for setting in ServerSetting.all {
            let standard = setting.defaultText.map { "`\($0)`" } ?? "–"
            let variables = setting.variables.map { "`\($0)`" }
            lines.append(
                "| `\(setting.key)` | `\(setting.flag)` | \(variables.joined(separator: " or ")) | \(setting.form.expectation) "
                    + "| \(standard) | \(setting.summary) |"
            )
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The flags as the help of `claviger serve` lists them.
    package static var flagHelp: String {
        ServerSetting.all.map { setting in
            let standard = setting.defaultText.map { " (default: \($0))" } ?? ""
            return "  \(setting.flag) <value>\n      \(setting.summary)\(standard)"
        }.joined(separator: "\n")
    }
}
