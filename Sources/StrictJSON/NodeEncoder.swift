/// The `Encoder` of one value.
struct NodeEncoder: Encoder {
    let target: EncodingNode
    let codingPath: [any CodingKey]
    let userInfo: [CodingUserInfoKey: Any] = [:]

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        if case .object = target.content {
        } else {
            target.content = .object(EncodingFields())
        }
        return KeyedEncodingContainer(KeyedNodeEncoder<Key>(target: target, codingPath: codingPath))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        if case .array = target.content {
        } else {
            target.content = .array([])
        }
        return UnkeyedNodeEncoder(target: target, codingPath: codingPath)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer {
        SingleNodeEncoder(target: target, codingPath: codingPath)
    }
}

extension EncodingNode {
    /// Encodes any value into a new node.
    static func encoding(_ value: some Encodable, codingPath: @autoclosure () -> [any CodingKey]) throws -> EncodingNode
    {
        if let value = value as? JSONValue { return EncodingNode(.value(value)) }
        let node = EncodingNode()
        try value.encode(to: NodeEncoder(target: node, codingPath: codingPath()))
        return node
    }

    /// A node of an integer that fits 64 bits.
    static func integer(_ value: some FixedWidthInteger, codingPath: [any CodingKey]) throws(JSONError) -> EncodingNode
    {
        guard let value = Int64(exactly: value) else {
            throw JSONError(
                .numberOutOfRange,
                path: codingPath.pointer.text,
                message: "The integer must fit 64 bits with sign."
            )
        }
        return EncodingNode(.value(.integer(value)))
    }
}

/// Encodes one value into its node.
struct SingleNodeEncoder: SingleValueEncodingContainer {
    let target: EncodingNode
    let codingPath: [any CodingKey]

    private func set(_ value: JSONValue) {
        target.content = .value(value)
    }

    private func set(integer value: some FixedWidthInteger) throws {
        target.content = try EncodingNode.integer(value, codingPath: codingPath).content
    }

    mutating func encodeNil() throws { set(.null) }

    mutating func encode(_ value: Bool) throws { set(.bool(value)) }

    mutating func encode(_ value: String) throws { set(.string(value)) }

    mutating func encode(_ value: Double) throws { set(.double(value)) }

    mutating func encode(_ value: Float) throws { set(.double(Double(value))) }

    mutating func encode(_ value: Int) throws { try set(integer: value) }

    mutating func encode(_ value: Int8) throws { try set(integer: value) }

    mutating func encode(_ value: Int16) throws { try set(integer: value) }

    mutating func encode(_ value: Int32) throws { try set(integer: value) }

    mutating func encode(_ value: Int64) throws { try set(integer: value) }

    mutating func encode(_ value: UInt) throws { try set(integer: value) }

    mutating func encode(_ value: UInt8) throws { try set(integer: value) }

    mutating func encode(_ value: UInt16) throws { try set(integer: value) }

    mutating func encode(_ value: UInt32) throws { try set(integer: value) }

    mutating func encode(_ value: UInt64) throws { try set(integer: value) }

    mutating func encode<T: Encodable>(_ value: T) throws {
        try value.encode(to: NodeEncoder(target: target, codingPath: codingPath))
    }
}
