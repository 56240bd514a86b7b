import ControlPlane
import Domain
import HTTPKernel
import HTTPTypes

/// Values that stand in paths, queries and bodies of several routes.
enum Fields {
    /// The id in the path; one of another kind answers like one that does not exist.
    static func id<ID: EntityID>(_ parameters: PathParameters, _ kind: String) throws(ControlPlaneError) -> ID {
        guard let id = parameters["id"].flatMap({ ID($0) }) else { throw .notFound(kind) }
        return id
    }

    /// A reason: 1 to 500 characters, if there is one.
    static func reason(_ text: String?) throws(HTTPProblem) -> String? {
        guard let text else { return nil }
        guard (1...500).contains(text.count) else {
            throw .invalid("/reason", "Must have 1 to 500 characters.")
        }
        return text
    }

    /// A cursor: the id of the last object shown.
    static func cursor<ID: EntityID>(_ query: QueryParameters) throws(HTTPProblem) -> ID? {
        guard let text = query["cursor"] else { return nil }
        guard let id = ID(text) else { throw .invalid("cursor", "Must be the next_cursor of an earlier page.") }
        return id
    }

    static func limit(_ query: QueryParameters) throws(HTTPProblem) -> Int {
        try query.integer("limit", in: PageLimit.range, default: 50)
    }

    /// One of a closed set of words.
    static func word<Word: RawRepresentable & CaseIterable>(
        _ query: QueryParameters,
        _ name: String,
        as: Word.Type
    ) throws(HTTPProblem) -> Word? where Word.RawValue == String {
        guard let text = query[name] else { return nil }
        guard let word = Word(rawValue: text) else {
            let known = Word.allCases.map(\.rawValue).joined(separator: ", ")
            throw .invalid(name, "Must be one of \(known).")
        }
        return word
    }

    /// True or false; false if it is absent.
    static func flag(_ query: QueryParameters, _ name: String) throws(HTTPProblem) -> Bool {
        switch query[name] {
        case nil, "false": false
        case "true": true
        default: throw .invalid(name, "Must be true or false.")
        }
    }

    static func time(_ query: QueryParameters, _ name: String) throws(HTTPProblem) -> Instant? {
        guard let text = query[name] else { return nil }
        guard let time = Instant(rfc3339: text) else {
            throw .invalid(name, "Must be an RFC 3339 time such as 2026-11-21T00:50:07Z.")
        }
        return time
    }
}
