import Foundation
import Testing

/// A named point in the product's source where a debug build can kill itself.
struct FaultPoint: Sendable, CustomTestStringConvertible {
    let name: String
    let isAgents: Bool

    var testDescription: String { name }

    /// Every point, read from the source, so that none is forgotten.
    static let all: [FaultPoint] = {
        let sources = Workbench.root + "/Sources"
        let files = FileManager.default.enumerator(atPath: sources)?.compactMap { $0 as? String } ?? []
        let points = files.filter { $0.hasSuffix(".swift") }.sorted().flatMap { file in
            let text = (try? String(contentsOfFile: sources + "/" + file, encoding: .utf8)) ?? ""
            return text.matches(of: /FaultPoints\.reach\(\s*"([^"]+)"/).map { match in
                FaultPoint(name: String(match.1), isAgents: file.hasPrefix("ClavigerAgent"))
            }
        }
        return points.reduce(into: []) { known, point in
            if !known.contains(where: { $0.name == point.name && $0.isAgents == point.isAgents }) {
                known.append(point)
            }
        }
    }()
}
