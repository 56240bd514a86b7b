import ClavigerServer
import Foundation
import Testing

@Suite struct ConfigurationDocumentTests {
    @Test("OPS-7: configuration.md has the table that the settings themselves make")
    func holdsTheTable() throws {
        var root = URL(filePath: #filePath)
        for _ in 0..<4 { root.deleteLastPathComponent() }
        let text = try String(contentsOf: root.appending(path: "docs/configuration.md"), encoding: .utf8)
        #expect(text.contains(SettingsTable.markdown), "renew it with `claviger config --markdown`")
    }
}
