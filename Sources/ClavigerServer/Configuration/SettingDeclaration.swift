/// One setting of the server, declared once.
///
/// Flags, environment variables, the YAML file, `claviger config`, the table in `docs/configuration.md` and the check
/// for unknown keys are all made from the list of declarations in ``ServerSetting`` (OPS-1).
package struct SettingDeclaration: Sendable, Hashable {
    /// The key as it stands in the YAML file, in snake_case.
    package let key: String

    /// What a value looks like.
    package let form: SettingForm

    /// The value used if no source names the setting, in the form's own spelling; nil if the setting is then unset.
    package let defaultText: String?

    /// Whether the value must never be printed.
    package let isSecret: Bool

    /// One sentence on what the setting does.
    package let summary: String

    package init(
        _ key: String,
        _ form: SettingForm,
        default defaultText: String?,
        secret: Bool = false,
        _ summary: String
    ) {
        self.key = key
        self.form = form
        self.defaultText = defaultText
        self.isSecret = secret
        self.summary = summary
    }

    /// The flag of `claviger serve`: `--data-dir` for `data_dir`.
    package var flag: String { "--" + String(key.map { $0 == "_" ? "-" : $0 }) }

    /// The environment variable: `CLAVIGER_DATA_DIR` for `data_dir`.
    package var variable: String { KnownVariables.prefix + key.uppercased() }

    /// Another name of the environment variable, for those who look for the usual one.
    package var otherVariable: String? { self == ServerSetting.database ? variable + "_URL" : nil }

    /// All names of the environment variable.
    var variables: [String] { [variable] + [otherVariable].compactMap(\.self) }
}
