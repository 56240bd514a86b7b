/// One route by method and canonical template, as `endpoint:` scopes name it: `GET`, `/api/v1/agents/{id}`.
///
/// An alias mount has the template of what it stands for. Whether the route exists is for the caller to know.
package struct ScopeRoute: Hashable, Sendable {
    package static let methods = ["GET", "POST", "PUT", "PATCH", "DELETE"]

    package let method: String
    package let template: String

    /// Answers `nil` for another method, and for a template that isn't made of `/name` and `/{name}`.
    package init?(method: some StringProtocol, template: some StringProtocol) {
        guard Self.methods.contains(String(method)), template.utf8.first == UInt8(ascii: "/"), template != "/",
            template.utf8.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
                .allSatisfy({ Self.isSegment($0) })
        else { return nil }
        self.method = String(method)
        self.template = String(template)
    }

    /// `GET:/api/v1/agents/{id}`.
    package var text: String { "\(method):\(template)" }

    private static func isSegment(_ segment: some Collection<UInt8>) -> Bool {
        let bytes = Array(segment)
        let isParameter = bytes.first == UInt8(ascii: "{") && bytes.last == UInt8(ascii: "}") && bytes.count > 2
        let name = isParameter ? bytes.dropFirst().dropLast() : bytes[...]
        return !name.isEmpty && name.first != UInt8(ascii: ".")
            && name.allSatisfy { Base62.contains($0) || "-_.".utf8.contains($0) }
    }
}
