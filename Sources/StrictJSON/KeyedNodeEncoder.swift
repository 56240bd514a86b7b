/// Encodes the fields of one object.
struct KeyedNodeEncoder<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let target: EncodingNode
    let codingPath: [any CodingKey]

    private func set(_ key: some CodingKey, _ node: EncodingNode) {
        guard case .object(var fields) = target.content else { return }
        target.content = .none
        fields.set(key.stringValue, node)
        target.content = .object(fields)
    }

    private func set(_ key: Key, _ value: JSONValue) {
        set(key, EncodingNode(.value(value)))
    }

    private func set(_ key: Key, integer value: some FixedWidthInteger) throws {
        guard let exact = Int64(exactly: value) else {
            return set(key, try EncodingNode.integer(value, codingPath: codingPath + [key]))
        }
        set(key, .integer(exact))
    }

    mutating func encodeNil(forKey key: Key) throws { set(key, .null) }

    mutating func encode(_ value: Bool, forKey key: Key) throws { set(key, .bool(value)) }

    mutating func encode(_ value: String, forKey key: Key) throws { set(key, .string(value)) }

    mutating func encode(_ value: Double, forKey key: Key) throws { set(key, .double(value)) }

    mutating func encode(_ value: Float, forKey key: Key) throws { set(key, .double(Double(value))) }

    mutating func encode(_ value: Int, forKey key: Key) throws { try set(key, integer: value) }

    mutating func encode(_ value: Int8, forKey key: Key) throws { try set(key, integer: value) }

    mutating func encode(_ value: Int16, forKey key: Key) throws { try set(key, integer: value) }

    mutating func encode(_ value: Int32, forKey key: Key) throws { try set(key, integer: value) }

    mutating func encode(_ value: Int64, forKey key: Key) throws { try set(key, integer: value) }

    mutating func encode(_ value: UInt, forKey key: Key) throws { try set(key, integer: value) }

    mutating func encode(_ value: UInt8, forKey key: Key) throws { try set(key, integer: value) }

    mutating func encode(_ value: UInt16, forKey key: Key) throws { try set(key, integer: value) }

    mutating func encode(_ value: UInt32, forKey key: Key) throws { try set(key, integer: value) }

    mutating func encode(_ value: UInt64, forKey key: Key) throws { try set(key, integer: value) }

    mutating func encode<T: Encodable>(_ value: T, forKey key: Key) throws {
        set(key, try EncodingNode.encoding(value, codingPath: codingPath + [key]))
    }

    mutating func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type,
        forKey key: Key
    ) -> KeyedEncodingContainer<Nested> {
        nested(key).container(keyedBy: type)
    }

    mutating func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        nested(key).unkeyedContainer()
    }

    mutating func superEncoder() -> any Encoder {
        nested(JSONKey(stringValue: "super"))
    }

    mutating func superEncoder(forKey key: Key) -> any Encoder {
        nested(key)
    }

    private func nested(_ key: some CodingKey) -> NodeEncoder {
        let node = EncodingNode()
        set(key, node)
        return NodeEncoder(target: node, codingPath: codingPath + [key])
    }
}
