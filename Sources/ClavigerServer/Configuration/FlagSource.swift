/// Reads settings from the words after `claviger serve`: `--key value` or `--key=value`.
///
/// A flag of the form `true` or `false` may stand alone and then means `true`.
package enum FlagSource {
    package static func read(_ words: [String]) throws(ConfigurationError) -> [SettingDeclaration: SettingValue] {
        var values: [SettingDeclaration: SettingValue] = [:]
        var rest = words[...]
        while let word = rest.popFirst() {
            guard word.hasPrefix("--"), word.utf8.count > 2 else {
                throw ConfigurationError(
                    .malformedSource,
                    "command line: '\(SettingSource.printable(word))' is not a flag; settings are given as --key value."
                )
            }
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = String(parts[0])
            guard let setting = ServerSetting.all.first(where: { $0.flag == name }) else {
                throw .unknown(name, in: "command line", candidates: ServerSetting.all.map(\.flag))
            }
            guard values[setting] == nil else {
                throw ConfigurationError(.duplicateKey, "flag \(name) is given twice; once is enough.")
            }
            let text = parts.count == 2 ? String(parts[1]) : Self.operand(of: setting, &rest)
            guard let text else {
                throw ConfigurationError(
                    .malformedValue,
                    "flag \(name) has no value; it must be \(setting.form.expectation)."
                )
            }
            guard let value = setting.form.value(of: text) else {
                throw .malformed(setting, .flag, found: text)
            }
            values[setting] = value
        }
        return values
    }

    private static func operand(of setting: SettingDeclaration, _ rest: inout ArraySlice<String>) -> String? {
        let next = rest.first.flatMap { $0.hasPrefix("--") ? nil : $0 }
        guard setting.form == .flag else {
            if next != nil { rest.removeFirst() }
            return next
        }
        guard let next, next == "true" || next == "false" else { return "true" }
        rest.removeFirst()
        return next
    }
}
