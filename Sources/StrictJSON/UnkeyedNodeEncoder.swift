/// Encodes the elements of one array, one after the other.
struct UnkeyedNodeEncoder: UnkeyedEncodingContainer {
    let target: EncodingNode
    let codingPath: [any CodingKey]

    var count: Int {
        if case .array(let elements) = target.content { elements.count } else { 0 }
    }

    private var elementPath: [any CodingKey] { codingPath + [JSONKey(intValue: count)] }

    private func add(_ node: EncodingNode) {
        guard case .array(var elements) = target.content else { return }
        target.content = .none
        elements.append(node)
        target.content = .array(elements)
    }

    private func add(_ value: JSONValue) {
        add(EncodingNode(.value(value)))
    }

    private func add(integer value: some FixedWidthInteger) throws {
        guard let exact = Int64(exactly: value) else {
            return add(try EncodingNode.integer(value, codingPath: elementPath))
        }
        add(.integer(exact))
    }

    mutating func encodeNil() throws { add(.null) }

    mutating func encode(_ value: Bool) throws { add(.bool(value)) }

    mutating func encode(_ value: String) throws { add(.string(value)) }

    mutating func encode(_ value: Double) throws { add(.double(value)) }

    mutating func encode(_ value: Float) throws { add(.double(Double(value))) }

    mutating func encode(_ value: Int) throws { try add(integer: value) }

    mutating func encode(_ value: Int8) throws { try add(integer: value) }

    mutating func encode(_ value: Int16) throws { try add(integer: value) }

    mutating func encode(_ value: Int32) throws { try add(integer: value) }

    mutating func encode(_ value: Int64) throws { try add(integer: value) }

    mutating func encode(_ value: UInt) throws { try add(integer: value) }

    mutating func encode(_ value: UInt8) throws { try add(integer: value) }

    mutating func encode(_ value: UInt16) throws { try add(integer: value) }

    mutating func encode(_ value: UInt32) throws { try add(integer: value) }

    mutating func encode(_ value: UInt64) throws { try add(integer: value) }

    mutating func encode<T: Encodable>(_ value: T) throws {
        add(try EncodingNode.encoding(value, codingPath: elementPath))
    }

    mutating func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
        nested().container(keyedBy: type)
    }

    mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
        nested().unkeyedContainer()
    }

    mutating func superEncoder() -> any Encoder {
        nested()
    }

    private func nested() -> NodeEncoder {
        let encoder = NodeEncoder(target: EncodingNode(), codingPath: elementPath)
        add(encoder.target)
        return encoder
    }
}
