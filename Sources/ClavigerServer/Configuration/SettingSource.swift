/// Where a setting's value comes from.
///
/// A source further down the list wins over those above it.
package enum SettingSource: Sendable, Hashable {
    case standard
    case file(String)
    case environment
    /// A variable under the setting's other name.
    case otherVariable(String)
    case flag

    /// The source and the setting's name in it, as error messages and `claviger config` show them.
    package func naming(_ setting: SettingDeclaration) -> String {
        switch self {
        case .standard: "default"
        case .file(let path): "file \(path), key \(setting.key)"
        case .environment: "environment variable \(setting.variable)"
        case .otherVariable(let name): "environment variable \(name)"
        case .flag: "flag \(setting.flag)"
        }
    }

    /// Text of a stranger made fit for one line: control characters escaped, cut after 80 characters.
    static func printable(_ text: String) -> String {
        var line = ""
        for scalar in text.unicodeScalars.prefix(80) {
            line += scalar.value < 0x20 || scalar.value == 0x7F ? scalar.escaped(asASCII: true) : String(scalar)
        }
        return line + (text.unicodeScalars.count > 80 ? "…" : "")
    }
}
