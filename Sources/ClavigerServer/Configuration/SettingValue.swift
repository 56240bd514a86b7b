/// A setting's value after its text was checked.
package enum SettingValue: Sendable, Hashable {
    case text(String)
    case flag(Bool)
    case integer(Int)
    case list([String])

    /// The value as a source would spell it.
    package var text: String {
        switch self {
        case .text(let text): text
        case .flag(let flag): flag ? "true" : "false"
        case .integer(let number): String(number)
        case .list(let items): items.joined(separator: ",")
        }
    }
}
