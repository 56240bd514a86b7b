package import ClavigerWire
import StrictJSON

/// How settings look.
package enum SettingsReport {
    package static func list(_ settings: [SettingResponse]) throws -> Report {
        let rows = settings.map { setting in
            let range = [setting.minimum, setting.maximum].compactMap { $0.map { "\($0)" } }.joined(separator: "–")
            return [
                Cell(setting.key), Cell(setting.value.stringValue ?? setting.value.text), Cell(range),
                Cell(setting.unit), Cell(setting.source),
                Cell(setting.problem ?? setting.description, setting.problem == nil ? .faint : .bad),
            ]
        }
        return try Report(Table(["key", "value", "range", "unit", "from", "meaning"], rows), list: settings)
    }
}
