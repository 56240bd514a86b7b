extension JSONValue: Codable {
    /// Takes over any value; with ``StrictJSONDecoder`` directly, fields in order.
    public init(from decoder: any Decoder) throws {
        if let decoder = decoder as? NodeDecoder {
            decoder.state.markTaken(decoder.index)
            self = decoder.state.tape.value(at: decoder.index)
            return
        }
        if let container = try? decoder.container(keyedBy: JSONKey.self) {
            self = try .object(
                JSONObject(container.allKeys.map { ($0.stringValue, try container.decode(JSONValue.self, forKey: $0)) })
            )
        } else if var container = try? decoder.unkeyedContainer() {
            var elements: [JSONValue] = []
            while !container.isAtEnd {
                elements.append(try container.decode(JSONValue.self))
            }
            self = .array(elements)
        } else {
            self = try Self.scalar(decoder.singleValueContainer())
        }
    }

    private static func scalar(_ container: any SingleValueDecodingContainer) throws -> JSONValue {
        if container.decodeNil() { return .null }
        if let value = try? container.decode(Bool.self) { return .bool(value) }
        if let value = try? container.decode(Int64.self) { return .integer(value) }
        if let value = try? container.decode(Double.self) { return .double(value) }
        return .string(try container.decode(String.self))
    }

    public func encode(to encoder: any Encoder) throws {
        if let encoder = encoder as? NodeEncoder {
            encoder.target.content = .value(self)
            return
        }
        switch self {
        case .object(let object):
            var container = encoder.container(keyedBy: JSONKey.self)
            for field in object.fields {
                try container.encode(field.value, forKey: JSONKey(stringValue: field.name))
            }
        case .array(let elements):
            var container = encoder.unkeyedContainer()
            for element in elements {
                try container.encode(element)
            }
        case .null:
            var container = encoder.singleValueContainer()
            try container.encodeNil()
        case .bool(let value): try value.encode(to: encoder)
        case .integer(let value): try value.encode(to: encoder)
        case .double(let value): try value.encode(to: encoder)
        case .string(let value): try value.encode(to: encoder)
        }
    }
}
