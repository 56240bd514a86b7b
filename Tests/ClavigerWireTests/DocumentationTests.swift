import ClavigerWire
import Foundation
import Testing

/// The documents name everything that is on the wire.
@Suite struct DocumentationTests {
    private static func document(_ name: String) throws -> String {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return try String(contentsOf: root.appending(path: "docs/\(name)"), encoding: .utf8)
    }

    @Test("OPS-7: troubleshooting.md explains every error code")
    func explainsCodes() throws {
        let text = try Self.document("troubleshooting.md")
        for code in ErrorCode.all {
            #expect(text.contains("| `\(code.rawValue)` |"), "\(code) is not explained")
        }
    }

    @Test("OPS-7: rest-api.md describes every route")
    func describesRoutes() throws {
        let headings = try Self.document("rest-api.md").split(separator: "\n").filter { $0.hasPrefix("### ") }
        for path in APIPath.all {
            #expect(headings.contains { $0.hasSuffix(" " + path.fullTemplate) }, "\(path.fullTemplate) is missing")
        }
    }

    @Test("AGT-7: agent-protocol.md describes every method and close code")
    func describesFrames() throws {
        let text = try Self.document("agent-protocol.md")
        for method in ChannelMethod.all {
            #expect(text.contains(method), "\(method) is missing")
        }
        for code in ChannelCloseCode.allCases {
            let row = text.split(separator: "\n").first { $0.contains("| \(code.rawValue) |") }
            #expect(row?.contains("`\(code.name)`") == true, "\(code) is missing")
        }
        #expect(text.contains(ChannelProof.context) && text.contains(ChannelProtocol.subprotocol))
    }
}
