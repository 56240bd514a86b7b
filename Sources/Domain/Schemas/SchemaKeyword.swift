internal import StrictJSON

/// The keywords of draft 2020-12 and the shape of each one's value.
enum SchemaKeyword {
    static let shapes: [String: SchemaKeywordShape] = {
        var shapes: [String: SchemaKeywordShape] = [:]
        for (shape, names) in table {
            for name in names.split(separator: " ") { shapes[String(name)] = shape }
        }
        return shapes
    }()

    private static let table: [(SchemaKeywordShape, String)] = [
        (.dialect, "$schema"),
        (.text, "$id $ref $dynamicRef $comment title description format pattern contentEncoding contentMediaType"),
        (.anchor, "$anchor $dynamicAnchor"),
        (.schema, "items contains additionalProperties propertyNames if then else not"),
        (.schema, "unevaluatedItems unevaluatedProperties contentSchema"),
        (.schemas, "allOf anyOf oneOf prefixItems"),
        (.namedSchemas, "$defs definitions properties patternProperties dependentSchemas"),
        (.types, "type"),
        (.list, "enum examples"),
        (.number, "maximum exclusiveMaximum minimum exclusiveMinimum"),
        (.positiveNumber, "multipleOf"),
        (.count, "maxLength minLength maxItems minItems maxContains minContains maxProperties minProperties"),
        (.boolean, "uniqueItems deprecated readOnly writeOnly"),
        (.names, "required"),
        (.namedNames, "dependentRequired"),
        (.namedBooleans, "$vocabulary"),
    ]
}

/// What the value of a keyword has to be.
enum SchemaKeywordShape: Sendable {
    case dialect, text, anchor, schema, schemas, namedSchemas, types, list, number, positiveNumber, count, boolean
    case names, namedNames, namedBooleans

    func fault(in value: JSONValue, at path: JSONPointer, depth: Int) -> SchemaFault? {
        switch self {
        case .schema:
            JSONSchemaDocument.schemaFault(value, at: path, depth: depth + 1)
        case .schemas:
            Self.schemasFault(value, at: path, depth: depth)
        case .namedSchemas:
            Self.membersFault(value, at: path) { member, place in
                JSONSchemaDocument.schemaFault(member, at: place, depth: depth + 1)
            }
        case .namedNames:
            Self.membersFault(value, at: path, SchemaKeywordShape.names.simpleFault)
        case .namedBooleans:
            Self.membersFault(value, at: path, SchemaKeywordShape.boolean.simpleFault)
        default:
            simpleFault(in: value, at: path)
        }
    }

    /// The fault of a shape that holds no schema.
    private func simpleFault(in value: JSONValue, at path: JSONPointer) -> SchemaFault? {
        let accepted =
            switch self {
            case .text: value.stringValue != nil
            case .dialect: value.stringValue.map(Self.dialects.contains) ?? false
            case .anchor: value.stringValue.map(Self.isAnchor) ?? false
            case .types: Self.isTypeList(value)
            case .list: value.arrayValue != nil
            case .number: value.doubleValue != nil
            case .positiveNumber: value.doubleValue.map { $0 > 0 } ?? false
            case .count: Self.isCount(value)
            case .boolean: value.boolValue != nil
            case .names: Self.areDistinctStrings(value)
            case .schema, .schemas, .namedSchemas, .namedNames, .namedBooleans: false
            }
        return accepted ? nil : SchemaFault(path: path, message: "must be \(wanted)")
    }

    private var wanted: String {
        switch self {
        case .text: "a string"
        case .dialect: "\"https://json-schema.org/draft/2020-12/schema\""
        case .anchor: "a name that starts with a letter or \"_\""
        case .types: "one of \(Self.simpleTypes.joined(separator: ", ")), or a list of different ones"
        case .list: "an array"
        case .number: "a number"
        case .positiveNumber: "a number greater than 0"
        case .count: "a whole number, 0 or greater"
        case .boolean: "true or false"
        case .names: "an array of different strings"
        case .schema, .schemas, .namedSchemas, .namedNames, .namedBooleans: "an object"
        }
    }

    private static let dialects = [
        "https://json-schema.org/draft/2020-12/schema", "https://json-schema.org/draft/2020-12/schema#",
    ]
    private static let simpleTypes = ["array", "boolean", "integer", "null", "number", "object", "string"]

    private static func schemasFault(_ value: JSONValue, at path: JSONPointer, depth: Int) -> SchemaFault? {
        guard let schemas = value.arrayValue, !schemas.isEmpty else {
            return SchemaFault(path: path, message: "must be an array of at least one schema")
        }
        for (index, schema) in schemas.enumerated() {
            let place = path.appending(index)
            if let fault = JSONSchemaDocument.schemaFault(schema, at: place, depth: depth + 1) { return fault }
        }
        return nil
    }

    private static func membersFault(
        _ value: JSONValue,
        at path: JSONPointer,
        _ memberFault: (JSONValue, JSONPointer) -> SchemaFault?
    ) -> SchemaFault? {
        guard let object = value.objectValue else { return SchemaFault(path: path, message: "must be an object") }
        for field in object.fields {
            if let fault = memberFault(field.value, path.appending(field.name)) { return fault }
        }
        return nil
    }

    private static func isTypeList(_ value: JSONValue) -> Bool {
        if let name = value.stringValue { return simpleTypes.contains(name) }
        guard let names = value.arrayValue, !names.isEmpty, areDistinctStrings(value) else { return false }
        return names.allSatisfy { $0.stringValue.map(simpleTypes.contains) ?? false }
    }

    private static func isCount(_ value: JSONValue) -> Bool {
        switch value {
        case .integer(let count): count >= 0
        case .double(let count): count >= 0 && count.rounded() == count
        default: false
        }
    }

    private static func areDistinctStrings(_ value: JSONValue) -> Bool {
        guard let names = value.arrayValue?.map(\.stringValue), !names.contains(nil) else { return false }
        return Set(names).count == names.count
    }

    private static func isAnchor(_ text: String) -> Bool {
        guard let first = text.unicodeScalars.first, first == "_" || isLetter(first) else { return false }
        return text.unicodeScalars.allSatisfy { scalar in
            isLetter(scalar) || ("0"..."9").contains(scalar) || "-._".unicodeScalars.contains(scalar)
        }
    }

    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
    }
}
