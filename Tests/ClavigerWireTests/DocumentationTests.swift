import ClavigerWire
import Foundation
import Testing

/// The documents name everything that is on the wire.
@Suite struct DocumentationTests {
    private static var root: URL {
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    }

    private static func document(_ name: String) throws -> String {
        try String(contentsOf: root.appending(path: "docs/\(name)"), encoding: .utf8)
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
        for capability in ChannelCapability.all {
            #expect(text.contains("\n| `\(capability)` |"), "\(capability) is missing")
        }
        for code in ChannelCloseCode.allCases {
            let row = text.split(separator: "\n").first { $0.contains("| \(code.rawValue) |") }
            #expect(row?.contains("`\(code.name)`") == true, "\(code) is missing")
        }
        #expect(text.contains(ChannelProof.context) && text.contains(ChannelProtocol.subprotocol))
    }

    @Test("ROT-4: architecture.md lists the crash points that the source has, and no others")
    func listsCrashPoints() throws {
        let sources = Self.root.appending(path: "Sources").path
        let files = try #require(FileManager.default.enumerator(atPath: sources)).compactMap { $0 as? String }
        var points: Set<String> = []
        for file in files where file.hasSuffix(".swift") && !file.hasPrefix("FaultPoints/") {
            let text = try String(contentsOfFile: sources + "/" + file, encoding: .utf8)
            for match in text.matches(of: /FaultPoints\.reach\(\s*"([^"]+)"/) { points.insert(String(match.1)) }
        }
        let rows = try Self.document("architecture.md").split(separator: "\n")
            .filter { $0.hasPrefix("| agent |") || $0.hasPrefix("| server |") }
        let listed = rows.flatMap { $0.matches(of: /`([a-z.-]+)`/).map { String($0.1) } }
        #expect(Set(listed) == points)
        #expect(points.count > 20)
    }

    @Test("architecture.md has a row for every target")
    func listsTargets() throws {
        let text = try Self.document("architecture.md")
        let sources = Self.root.appending(path: "Sources").path
        for target in try FileManager.default.contentsOfDirectory(atPath: sources) where !target.hasPrefix(".") {
            #expect(text.contains("`\(target)`"), "\(target) has no row")
        }
    }
}
