/// The `Decoder` of one node.
struct NodeDecoder: Decoder {
    let state: DecodingState
    let index: Int

    var codingPath: [any CodingKey] { state.codingPath(of: index) }

    var userInfo: [CodingUserInfoKey: Any] { state.userInfo }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        guard state.tape.nodes[index].kind == .object else { throw state.wrongType(at: index, expected: "an object") }
        state.markOpened(index)
        return KeyedDecodingContainer(KeyedNodeContainer<Key>(state: state, index: index))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        guard state.tape.nodes[index].kind == .array else { throw state.wrongType(at: index, expected: "an array") }
        state.markOpened(index)
        return UnkeyedNodeContainer(state: state, index: index)
    }

    func singleValueContainer() throws -> any SingleValueDecodingContainer {
        SingleNodeContainer(state: state, index: index)
    }
}

/// Decodes one node as a single value.
struct SingleNodeContainer: SingleValueDecodingContainer {
    let state: DecodingState
    let index: Int

    var codingPath: [any CodingKey] { state.codingPath(of: index) }

    func decodeNil() -> Bool { state.isNull(index) }

    func decode(_ type: Bool.Type) throws -> Bool { try state.bool(at: index) }

    func decode(_ type: String.Type) throws -> String { try state.string(at: index) }

    func decode(_ type: Double.Type) throws -> Double { try state.double(at: index) }

    func decode(_ type: Float.Type) throws -> Float { try Float(state.double(at: index)) }

    func decode(_ type: Int.Type) throws -> Int { try state.integer(type, at: index) }

    func decode(_ type: Int8.Type) throws -> Int8 { try state.integer(type, at: index) }

    func decode(_ type: Int16.Type) throws -> Int16 { try state.integer(type, at: index) }

    func decode(_ type: Int32.Type) throws -> Int32 { try state.integer(type, at: index) }

    func decode(_ type: Int64.Type) throws -> Int64 { try state.integer(type, at: index) }

    func decode(_ type: UInt.Type) throws -> UInt { try state.integer(type, at: index) }

    func decode(_ type: UInt8.Type) throws -> UInt8 { try state.integer(type, at: index) }

    func decode(_ type: UInt16.Type) throws -> UInt16 { try state.integer(type, at: index) }

    func decode(_ type: UInt32.Type) throws -> UInt32 { try state.integer(type, at: index) }

    func decode(_ type: UInt64.Type) throws -> UInt64 { try state.integer(type, at: index) }

    func decode<T: Decodable>(_ type: T.Type) throws -> T { try state.decode(type, at: index) }
}
