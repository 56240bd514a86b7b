import Domain
import Foundation
import Testing

@Suite struct SettingDocumentTests {
    @Test("OPS-7: configuration.md has a row for every stored setting", arguments: SettingKey.allCases)
    func holdsTheRow(key: SettingKey) throws {
        var root = URL(filePath: #filePath)
        for _ in 0..<4 { root.deleteLastPathComponent() }
        let text = try String(contentsOf: root.appending(path: "docs/configuration.md"), encoding: .utf8)
        let declaration = key.declaration
        let range = "\(declaration.range.lowerBound)–\(declaration.range.upperBound) \(declaration.unit)"
        let permission = declaration.level == .server ? "server:settings" : "org:manage"
        let row =
            "| `\(key.rawValue)` | \(range) | \(declaration.standard) | `\(permission)` | \(declaration.sentence) |"
        #expect(text.contains(row), "the row must be: \(row)")
    }
}
