/// A field of a PATCH body: left out, set to `null`, or given a value.
public enum PatchField<Value: Codable & Sendable & Equatable>: Sendable, Equatable {
    /// Not in the body: stays as it is.
    case absent
    /// `null`: is cleared.
    case null
    /// Takes this value.
    case value(Value)

    /// The value, if one was given.
    public var given: Value? {
        if case .value(let value) = self { value } else { nil }
    }

    /// Whether it stands in the body.
    public var isPresent: Bool { self != .absent }
}

extension KeyedDecodingContainer {
    /// Reads a field of a PATCH body.
    func patch<Value>(_ type: Value.Type, forKey key: Key) throws -> PatchField<Value> {
        guard contains(key) else { return .absent }
        return try decodeNil(forKey: key) ? .null : .value(decode(type, forKey: key))
    }
}

extension KeyedEncodingContainer {
    /// Writes a field of a PATCH body.
    mutating func encode<Value>(patch field: PatchField<Value>, forKey key: Key) throws {
        switch field {
        case .absent: break
        case .null: try encodeNil(forKey: key)
        case .value(let value): try encode(value, forKey: key)
        }
    }
}
