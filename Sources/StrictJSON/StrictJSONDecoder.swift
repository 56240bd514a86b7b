/// Decodes `Decodable` types from JSON texts, strictly.
///
/// What the reader refuses is listed in ``StrictJSON``. On top of it an integer is never taken from a number with a
/// fraction or exponent, and fields nobody asked for are refused by name, all at once, with their JSON Pointers.
///
///     let request = try StrictJSONDecoder().decode(AgentDefinitionRequest.self, from: body)
package struct StrictJSONDecoder: Sendable {
    /// What happens to fields that the decoded type does not ask for.
    package enum UnknownFields: Sendable {
        /// They are an error: for requests, where a misspelt field must not pass silently.
        case refuse
        /// They are skipped: for answers and channel frames, so that a newer peer may add fields.
        case ignore
    }

    package let unknownFields: UnknownFields
    package let limits: JSONLimits
    /// Handed to the types that are decoded.
    package let userInfo: [CodingUserInfoKey: any Sendable]

    package init(
        unknownFields: UnknownFields = .refuse,
        limits: JSONLimits = .standard,
        userInfo: [CodingUserInfoKey: any Sendable] = [:]
    ) {
        self.unknownFields = unknownFields
        self.limits = limits
        self.userInfo = userInfo
    }

    /// Decodes a value from a JSON text in UTF-8.
    package func decode<T: Decodable>(_ type: T.Type, from bytes: [UInt8]) throws(JSONError) -> T {
        try decode(type, from: JSONDocument(parsing: bytes, limits: limits))
    }

    /// Decodes a value from a JSON text.
    package func decode<T: Decodable>(_ type: T.Type, from text: String) throws(JSONError) -> T {
        try decode(type, from: Array(text.utf8))
    }

    /// Decodes a value from a JSON value; paths in errors begin at this value.
    package func decode<T: Decodable>(_ type: T.Type, from value: JSONValue) throws(JSONError) -> T {
        try decode(type, from: JSONDocument(parsing: value.bytes, limits: Self.wide))
    }

    /// Decodes a value from a text that was checked before.
    package func decode<T: Decodable>(_ type: T.Type, from document: JSONDocument) throws(JSONError) -> T {
        let state = DecodingState(tape: document.tape, userInfo: userInfo)
        do {
            let value = try state.decode(type, at: 0)
            if unknownFields == .refuse {
                try state.refuseUnknownFields()
            }
            return value
        } catch let error as JSONError {
            throw error
        } catch {
            throw JSONError(.invalidValue, message: "The value is not allowed here.")
        }
    }

    /// Limits for values that were within some limit when they were read.
    private static let wide = JSONLimits(maximumBytes: .max, maximumDepth: JSONLimits.greatestDepth)
}
