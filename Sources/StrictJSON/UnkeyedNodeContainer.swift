/// Decodes the elements of one array, one after the other.
struct UnkeyedNodeContainer: UnkeyedDecodingContainer {
    let state: DecodingState
    private let index: Int
    private var cursor: Int
    private(set) var currentIndex = 0

    init(state: DecodingState, index: Int) {
        self.state = state
        self.index = index
        cursor = index + 1
    }

    var codingPath: [any CodingKey] { state.codingPath(of: index) }

    var count: Int? { Int(state.tape.nodes[index].count) }

    var isAtEnd: Bool { cursor >= Int(state.tape.nodes[index].next) }

    private func element() throws(JSONError) -> Int {
        guard !isAtEnd else {
            throw JSONError(
                .missingField,
                path: state.tape.pointer(to: index).appending(currentIndex).text,
                message: "The array must have more than \(currentIndex) elements."
            )
        }
        return cursor
    }

    /// Reads the current element and moves to the next one, unless reading it fails.
    private mutating func take<T>(_ read: (DecodingState, Int) throws -> T) throws -> T {
        let node = try element()
        let value = try read(state, node)
        cursor = Int(state.tape.nodes[node].next)
        currentIndex += 1
        return value
    }

    mutating func decodeNil() throws -> Bool {
        guard try state.isNull(element()) else { return false }
        return try take { _, _ in true }
    }

    mutating func decode(_ type: Bool.Type) throws -> Bool { try take { try $0.bool(at: $1) } }

    mutating func decode(_ type: String.Type) throws -> String { try take { try $0.string(at: $1) } }

    mutating func decode(_ type: Double.Type) throws -> Double { try take { try $0.double(at: $1) } }

    mutating func decode(_ type: Float.Type) throws -> Float { try take { try Float($0.double(at: $1)) } }

    mutating func decode(_ type: Int.Type) throws -> Int { try take { try $0.integer(type, at: $1) } }

    mutating func decode(_ type: Int8.Type) throws -> Int8 { try take { try $0.integer(type, at: $1) } }

    mutating func decode(_ type: Int16.Type) throws -> Int16 { try take { try $0.integer(type, at: $1) } }

    mutating func decode(_ type: Int32.Type) throws -> Int32 { try take { try $0.integer(type, at: $1) } }

    mutating func decode(_ type: Int64.Type) throws -> Int64 { try take { try $0.integer(type, at: $1) } }

    mutating func decode(_ type: UInt.Type) throws -> UInt { try take { try $0.integer(type, at: $1) } }

    mutating func decode(_ type: UInt8.Type) throws -> UInt8 { try take { try $0.integer(type, at: $1) } }

    mutating func decode(_ type: UInt16.Type) throws -> UInt16 { try take { try $0.integer(type, at: $1) } }

    mutating func decode(_ type: UInt32.Type) throws -> UInt32 { try take { try $0.integer(type, at: $1) } }

    mutating func decode(_ type: UInt64.Type) throws -> UInt64 { try take { try $0.integer(type, at: $1) } }

    mutating func decode<T: Decodable>(_ type: T.Type) throws -> T { try take { try $0.decode(type, at: $1) } }

    mutating func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type
    ) throws -> KeyedDecodingContainer<Nested> {
        try take { try NodeDecoder(state: $0, index: $1).container(keyedBy: type) }
    }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
        try take { try NodeDecoder(state: $0, index: $1).unkeyedContainer() }
    }

    mutating func superDecoder() throws -> any Decoder {
        try take { NodeDecoder(state: $0, index: $1) }
    }
}
