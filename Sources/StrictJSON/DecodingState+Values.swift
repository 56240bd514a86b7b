extension DecodingState {
    func isNull(_ index: Int) -> Bool {
        tape.nodes[index].kind == .null
    }

    func bool(at index: Int) throws(JSONError) -> Bool {
        guard tape.nodes[index].kind == .bool else { throw wrongType(at: index, expected: "true or false") }
        return tape.bool(at: index)
    }

    func string(at index: Int) throws(JSONError) -> String {
        guard tape.nodes[index].kind == .string else { throw wrongType(at: index, expected: "a string") }
        return tape.string(at: index)
    }

    func integer<T: FixedWidthInteger>(_ type: T.Type, at index: Int) throws(JSONError) -> T {
        switch tape.nodes[index].kind {
        case .integer:
            guard let value = T(exactly: tape.integer(at: index)) else {
                throw fault(.numberOutOfRange, at: index, "The integer must be from \(T.min) to \(T.max).")
            }
            return value
        case .double:
            throw fault(.wrongType, at: index, "The number must be an integer, without fraction or exponent.")
        default:
            throw wrongType(at: index, expected: "an integer")
        }
    }

    func double(at index: Int) throws(JSONError) -> Double {
        switch tape.nodes[index].kind {
        case .integer, .double: return tape.double(at: index)
        default: throw wrongType(at: index, expected: "a number")
        }
    }

    /// Decodes any type; errors of the type's own initialiser get the place and a sentence.
    func decode<T: Decodable>(_ type: T.Type, at index: Int) throws -> T {
        if type == JSONValue.self, let value = tape.value(at: index) as? T {
            return value
        }
        do {
            return try T(from: NodeDecoder(state: self, index: index))
        } catch let error as DecodingError {
            throw translated(error, type: type, at: index)
        }
    }

    private func translated(_ error: DecodingError, type: any Any.Type, at index: Int) -> JSONError {
        switch error {
        case .dataCorrupted(let context):
            let isRaw = context.codingPath.count == tape.steps(to: index).count && type is any RawRepresentable.Type
            let sentence = isRaw ? Self.allowedValues(of: type) : context.debugDescription
            return JSONError(.invalidValue, path: context.codingPath.pointer.text, message: sentence)
        case .keyNotFound(let key, let context):
            return JSONError(
                .missingField,
                path: context.codingPath.pointer.appending(key.stringValue).text,
                message: "Field \(JSONError.quoted(key.stringValue)) is missing."
            )
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            return JSONError(.wrongType, path: context.codingPath.pointer.text, message: context.debugDescription)
        @unknown default:
            return fault(.invalidValue, at: index, "The value is not allowed here.")
        }
    }

    /// “The value must be one of …”, if the type can list its values.
    private static func allowedValues(of type: any Any.Type) -> String {
        let values = (type as? any (CaseIterable & RawRepresentable).Type).map { rawValues($0) } ?? []
        guard !values.isEmpty, values.count <= 32 else { return "The value is not one of those known here." }
        return "The value must be one of \(values.joined(separator: ", "))."
    }

    private static func rawValues<T: CaseIterable & RawRepresentable>(_ type: T.Type) -> [String] {
        type.allCases.map { "\($0.rawValue)" }
    }

    /// The type in words, for a field that is missing.
    static func name(of type: any Any.Type) -> String {
        switch type {
        case is String.Type: "a string"
        case is Bool.Type: "true or false"
        case is any FixedWidthInteger.Type: "an integer"
        case is any BinaryFloatingPoint.Type: "a number"
        case is any RawRepresentable.Type: "one of the known values"
        case is any RangeReplaceableCollection.Type: "an array"
        case is JSONValue.Type: "any JSON value"
        default: "an object"
        }
    }
}
