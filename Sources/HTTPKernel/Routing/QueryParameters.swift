package import Hummingbird

/// The query of a request, read strictly: a name twice, an unknown name, or a bad escape is refused by name.
package struct QueryParameters: Sendable {
    private let pairs: [(name: String, value: String)]

    package init(_ request: Request, allowed: Set<String>) throws(HTTPProblem) {
        var pairs: [(name: String, value: String)] = []
        let target = request.head.path ?? ""
        let query = target.firstIndex(of: "?").map { target[target.index(after: $0)...] } ?? ""
        for part in query.split(separator: "&") {
            let equals = part.firstIndex(of: "=")
            let name = PercentCoding.decoded(part[..<(equals ?? part.endIndex)], plusIsSpace: true)
            let rest = equals.map { part[part.index(after: $0)...] } ?? ""
            guard let name, let value = PercentCoding.decoded(rest, plusIsSpace: true) else {
                throw .malformedRequest("The query is not valid percent-encoded UTF-8.")
            }
            guard allowed.contains(name) else {
                let list = allowed.isEmpty ? "none" : allowed.sorted().joined(separator: ", ")
                throw .invalid("query", "Unknown query parameter; known here: \(list).")
            }
            guard !pairs.contains(where: { $0.name == name }) else {
                throw .invalid(name, "The query parameter stands twice.")
            }
            pairs.append((name, value))
        }
        self.pairs = pairs
    }

    package subscript(_ name: String) -> String? {
        pairs.first { $0.name == name }?.value
    }

    /// A whole number within a range, or the default if it is absent.
    package func integer(_ name: String, in range: ClosedRange<Int>, default fallback: Int) throws(HTTPProblem) -> Int {
        guard let text = self[name] else { return fallback }
        guard let value = Int(text), range.contains(value) else {
            throw .invalid(name, "Must be a whole number from \(range.lowerBound) to \(range.upperBound).")
        }
        return value
    }
}
