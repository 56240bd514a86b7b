/// A value while it is being encoded; containers of the same value share it.
final class EncodingNode {
    enum Content {
        /// Nothing was encoded yet.
        case none
        case value(JSONValue)
        case array([EncodingNode])
        case object(EncodingFields)
    }

    var content: Content = .none

    init(_ content: Content = .none) {
        self.content = content
    }

    /// Writes the value; nil content is a fault of the encoded type.
    func write(to writer: inout JSONWriter, at pointer: JSONPointer) throws(JSONError) {
        switch content {
        case .none:
            throw JSONError(.invalidValue, path: pointer.text, message: "The value encoded nothing.")
        case .value(let value):
            try value.check(at: pointer)
            writer.value(value)
        case .array(let elements):
            writer.beginArray()
            for (index, element) in elements.enumerated() {
                try element.write(to: &writer, at: pointer.appending(index))
            }
            writer.endArray()
        case .object(let object):
            writer.beginObject()
            for (name, node) in object.fields {
                try JSONValue.string(name).check(at: pointer)
                writer.name(name)
                try node.write(to: &writer, at: pointer.appending(name))
            }
            writer.endObject()
        }
    }
}

/// The fields of an object while it is being encoded, in encoding order.
struct EncodingFields {
    private(set) var fields: [(name: String, node: EncodingNode)] = []
    private var positions: [String: Int] = [:]

    /// Sets a field; the same name again replaces the value and keeps the place.
    mutating func set(_ name: String, _ node: EncodingNode) {
        if let position = position(of: name) {
            fields[position].node = node
        } else {
            if fields.count >= 16 {
                if positions.isEmpty {
                    for (position, field) in fields.enumerated() { positions[field.name] = position }
                }
                positions[name] = fields.count
            }
            fields.append((name, node))
        }
    }

    private func position(of name: String) -> Int? {
        positions.isEmpty ? fields.firstIndex { $0.name == name } : positions[name]
    }
}

extension JSONValue {
    /// Refuses what a strict reader would refuse to read back: U+0000 and numbers that are not finite.
    fileprivate func check(at pointer: JSONPointer) throws(JSONError) {
        switch self {
        case .string(let text):
            guard !text.utf8.contains(0) else {
                throw JSONError(.invalidString, path: pointer.text, message: "U+0000 is not allowed in a string.")
            }
        case .double(let value):
            guard value.isFinite else {
                throw JSONError(.numberOutOfRange, path: pointer.text, message: "The number must be finite.")
            }
        case .array(let elements):
            for (index, element) in elements.enumerated() { try element.check(at: pointer.appending(index)) }
        case .object(let object):
            for field in object.fields {
                try JSONValue.string(field.name).check(at: pointer)
                try field.value.check(at: pointer.appending(field.name))
            }
        case .null, .bool, .integer:
            break
        }
    }
}
