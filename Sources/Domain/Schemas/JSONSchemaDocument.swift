package import StrictJSON

/// Checks that a value is a JSON Schema document of draft 2020-12, as far as the types of its keywords go.
///
/// References are not followed, patterns are not compiled and unknown keywords are allowed (the draft wants them
/// ignored): validation of values comes with executions.
package enum JSONSchemaDocument {
    /// The longest document, written compactly.
    package static let maximumBytes = 64 * 1024
    /// How many subschemas may stand inside each other.
    package static let maximumDepth = 24

    /// The first fault and where it is, or `nil` for a schema.
    package static func fault(in document: JSONValue) -> SchemaFault? {
        guard document.bytes.count <= maximumBytes else {
            return SchemaFault(path: .root, message: "must be at most \(maximumBytes) bytes of JSON")
        }
        return schemaFault(document, at: .root, depth: 0)
    }

    static func schemaFault(_ value: JSONValue, at path: JSONPointer, depth: Int) -> SchemaFault? {
        guard depth < maximumDepth else {
            return SchemaFault(path: path, message: "is nested more than \(maximumDepth) deep")
        }
        if case .bool = value { return nil }
        guard case .object(let object) = value else {
            return SchemaFault(path: path, message: "must be an object or a boolean, as every schema")
        }
        for field in object.fields {
            guard let shape = SchemaKeyword.shapes[field.name] else { continue }
            let place = path.appending(field.name)
            if let fault = shape.fault(in: field.value, at: place, depth: depth) { return fault }
        }
        return nil
    }
}

/// What is wrong with a schema document, and where.
package struct SchemaFault: Hashable, Sendable {
    package let path: JSONPointer
    package let message: String

    package init(path: JSONPointer, message: String) {
        self.path = path
        self.message = message
    }
}
