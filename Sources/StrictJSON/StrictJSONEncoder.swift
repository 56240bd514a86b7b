/// Encodes `Encodable` types as compact JSON; fields stand in the order in which they were encoded.
///
/// Refuses what ``StrictJSONDecoder`` would refuse to read back: U+0000, numbers that are not finite, integers beyond
/// 64 bits with sign.
package struct StrictJSONEncoder: Sendable {
    package init() {}

    /// The value as JSON text in UTF-8.
    package func encode(_ value: some Encodable) throws(JSONError) -> [UInt8] {
        do {
            let node = try EncodingNode.encoding(value, codingPath: [])
            var writer = JSONWriter(reservingCapacity: 256)
            try node.write(to: &writer, at: .root)
            return writer.bytes
        } catch let error as JSONError {
            throw error
        } catch let error as EncodingError {
            if case .invalidValue(_, let context) = error {
                throw JSONError(
                    .invalidValue,
                    path: context.codingPath.pointer.text,
                    message: context.debugDescription
                )
            }
            throw JSONError(.invalidValue, message: "The value can not be written as JSON.")
        } catch {
            throw JSONError(.invalidValue, message: "The value can not be written as JSON.")
        }
    }

    /// The value as JSON text.
    package func text(_ value: some Encodable) throws(JSONError) -> String {
        String(decoding: try encode(value), as: UTF8.self)
    }

    /// The value as a JSON value.
    package func value(_ value: some Encodable) throws(JSONError) -> JSONValue {
        let limits = JSONLimits(maximumBytes: .max, maximumDepth: JSONLimits.greatestDepth)
        return try JSONValue(parsing: encode(value), limits: limits)
    }
}
