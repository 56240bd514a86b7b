/// Why a configuration can't be used, as one sentence that names source and key.
package struct ConfigurationError: Error, Equatable, Sendable, CustomStringConvertible {
    package struct Code: RawRepresentable, Hashable, Sendable {
        package let rawValue: String

        package init(rawValue: String) {
            self.rawValue = rawValue
        }

        package static let unknownKey = Code(rawValue: "unknown_key")
        package static let duplicateKey = Code(rawValue: "duplicate_key")
        package static let malformedValue = Code(rawValue: "malformed_value")
        package static let malformedSource = Code(rawValue: "malformed_source")
        package static let unreadableFile = Code(rawValue: "unreadable_file")
        package static let contradiction = Code(rawValue: "contradiction")
    }

    package let code: Code
    package let message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { message }

    package static func == (left: Self, right: Self) -> Bool { left.code == right.code }
}

extension ConfigurationError {
    /// A value that does not fit its form.
    ///
    /// The value of a secret, or of a URL with a password in it, is never repeated.
    static func malformed(_ setting: SettingDeclaration, _ source: SettingSource, found: String) -> Self {
        let isQuiet = setting.isSecret || setting.form == .database
        let shown = isQuiet ? "the value" : "'\(SettingSource.printable(found))'"
        let reason = setting.form.fault(in: found) ?? "can't be used"
        return Self(
            .malformedValue,
            "\(source.naming(setting)): \(shown) \(reason); it must be \(setting.form.expectation)."
        )
    }

    /// A key that no declaration knows.
    static func unknown(_ name: String, in source: String, candidates: [String]) -> Self {
        let shown = SettingSource.printable(name)
        let advice =
            NearestName.of(name, among: candidates).map { "did you mean \($0)?" }
            ?? "`claviger config` lists the settings there are."
        return Self(.unknownKey, "\(source): \(shown) is not a setting; \(advice)")
    }
}
