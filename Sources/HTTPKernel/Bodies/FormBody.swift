import ClavigerWire
import HTTPTypes
package import Hummingbird

/// Reads a body of the form `name=value&…` (`application/x-www-form-urlencoded`), as OAuth's endpoints take it.
package struct FormBody: Sendable {
    /// Fields of a form at most; no request of ours has a handful.
    package static let maximumFields = 32

    private var fields: [String: String] = [:]
    /// Names that came more than once: none of them can be told to be the one that was meant.
    private var repeated: Set<String> = []

    /// Reads the body; 415 for another media type, 400 for what is no form.
    package static func read(from request: Request, limits: EdgeLimits) async throws(HTTPProblem) -> FormBody {
        guard isForm(request.headers.combined(.contentType) ?? "") else {
            throw HTTPProblem(
                .unsupportedMediaType,
                .unsupportedMediaType,
                "Send Content-Type: application/x-www-form-urlencoded.",
                closesConnection: true
            )
        }
        let bytes = try await JSONBody.collect(request, limits: limits)
        guard let form = FormBody(bytes) else { throw .malformedRequest("The body is no form.") }
        return form
    }

    private static func isForm(_ type: String) -> Bool {
        let form = "application/x-www-form-urlencoded"
        return type == form || type.lowercased().split(separator: ";").first.map { $0.filter { $0 != " " } } == form
    }

    /// The fields of a text; `nil` for what can't be read: too many, broken `%` signs, U+0000, or bytes that are no UTF-8.
    package init?(_ bytes: [UInt8]) {
        let parts = bytes.split(separator: UInt8(ascii: "&"), maxSplits: Self.maximumFields)
        guard parts.count <= Self.maximumFields else { return nil }
        for part in parts {
            let pair = part.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = pair.first.flatMap({ PercentCoding.decoded($0, plusIsSpace: true) }), !name.isEmpty,
                let value = pair.count > 1 ? PercentCoding.decoded(pair[1], plusIsSpace: true) : ""
            else { return nil }
            if fields.updateValue(value, forKey: name) != nil { repeated.insert(name) }
        }
    }

    /// The value of a field that came once; absent if it did not come, or is empty.
    package subscript(_ name: String) -> String? {
        guard let value = fields[name], !value.isEmpty, !repeated.contains(name) else { return nil }
        return value
    }

    /// Whether one of these names came more than once.
    package func repeats(_ names: [String]) -> Bool { names.contains { repeated.contains($0) } }
}
