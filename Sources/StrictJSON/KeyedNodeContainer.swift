/// Decodes the fields of one object.
struct KeyedNodeContainer<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let state: DecodingState
    let index: Int

    var codingPath: [any CodingKey] { state.codingPath(of: index) }

    var allKeys: [Key] {
        var keys: [Key] = []
        state.tape.forEachField(of: index) { name in
            if let key = Key(stringValue: state.tape.string(at: name)) {
                keys.append(key)
            }
        }
        return keys
    }

    /// The value node of a field.
    private func node(_ key: some CodingKey, type: any Any.Type) throws(JSONError) -> Int {
        guard let node = state.field(key.stringValue, of: index) else {
            throw JSONError(
                .missingField,
                path: state.tape.pointer(to: index).appending(key.stringValue).text,
                message: "Field “\(key.stringValue)” is missing; it must be \(DecodingState.name(of: type))."
            )
        }
        return node
    }

    func contains(_ key: Key) -> Bool { state.field(key.stringValue, of: index) != nil }

    func decodeNil(forKey key: Key) throws -> Bool { try state.isNull(node(key, type: JSONValue.self)) }

    func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool { try state.bool(at: node(key, type: type)) }

    func decode(_ type: String.Type, forKey key: Key) throws -> String { try state.string(at: node(key, type: type)) }

    func decode(_ type: Double.Type, forKey key: Key) throws -> Double { try state.double(at: node(key, type: type)) }

    func decode(_ type: Float.Type, forKey key: Key) throws -> Float {
        try Float(state.double(at: node(key, type: type)))
    }

    private func integer<T: FixedWidthInteger>(_ type: T.Type, _ key: Key) throws(JSONError) -> T {
        try state.integer(type, at: node(key, type: type))
    }

    func decode(_ type: Int.Type, forKey key: Key) throws -> Int { try integer(type, key) }

    func decode(_ type: Int8.Type, forKey key: Key) throws -> Int8 { try integer(type, key) }

    func decode(_ type: Int16.Type, forKey key: Key) throws -> Int16 { try integer(type, key) }

    func decode(_ type: Int32.Type, forKey key: Key) throws -> Int32 { try integer(type, key) }

    func decode(_ type: Int64.Type, forKey key: Key) throws -> Int64 { try integer(type, key) }

    func decode(_ type: UInt.Type, forKey key: Key) throws -> UInt { try integer(type, key) }

    func decode(_ type: UInt8.Type, forKey key: Key) throws -> UInt8 { try integer(type, key) }

    func decode(_ type: UInt16.Type, forKey key: Key) throws -> UInt16 { try integer(type, key) }

    func decode(_ type: UInt32.Type, forKey key: Key) throws -> UInt32 { try integer(type, key) }

    func decode(_ type: UInt64.Type, forKey key: Key) throws -> UInt64 { try integer(type, key) }

    func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T {
        try state.decode(type, at: node(key, type: type))
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type,
        forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> {
        try NodeDecoder(state: state, index: node(key, type: Any.self)).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try NodeDecoder(state: state, index: node(key, type: [Any].self)).unkeyedContainer()
    }

    func superDecoder() throws -> any Decoder {
        try NodeDecoder(state: state, index: node(JSONKey(stringValue: "super"), type: Any.self))
    }

    func superDecoder(forKey key: Key) throws -> any Decoder {
        try NodeDecoder(state: state, index: node(key, type: Any.self))
    }
}
