/// A JSON text that was checked and can be looked into without `Codable`: for hot paths.
package struct JSONDocument: Sendable {
    let tape: JSONTape

    /// Checks a text; throws what is wrong with it.
    package init(parsing bytes: [UInt8], limits: JSONLimits = .standard) throws(JSONError) {
        var scanner = JSONScanner(bytes: bytes, limits: limits)
        try scanner.scan()
        tape = JSONTape(bytes: scanner.bytes, nodes: scanner.nodes)
    }

    /// The value of the text.
    package var root: JSONView {
        JSONView(tape: tape, index: 0)
    }
}

/// One value inside a ``JSONDocument``; reading it copies nothing but the string asked for.
package struct JSONView: Sendable {
    let tape: JSONTape
    let index: Int

    /// The place of this value in its text.
    package var pointer: JSONPointer { tape.pointer(to: index) }

    /// The value with all it contains.
    package var value: JSONValue { tape.value(at: index) }

    /// Whether it is an object.
    package var isObject: Bool { tape.nodes[index].kind == .object }

    /// Whether it is an array.
    package var isArray: Bool { tape.nodes[index].kind == .array }

    /// Whether it is `null`.
    package var isNull: Bool { tape.nodes[index].kind == .null }

    /// The string, or nil for another type.
    package var string: String? {
        tape.nodes[index].kind == .string ? tape.string(at: index) : nil
    }

    /// The integer, or nil for another type.
    package var integer: Int64? {
        tape.nodes[index].kind == .integer ? tape.integer(at: index) : nil
    }

    /// The Boolean, or nil for another type.
    package var bool: Bool? {
        tape.nodes[index].kind == .bool ? tape.bool(at: index) : nil
    }

    /// The elements of an array; empty for another type.
    package var elements: [JSONView] {
        guard isArray else { return [] }
        var views: [JSONView] = []
        tape.forEachElement(of: index) { views.append(JSONView(tape: tape, index: $0)) }
        return views
    }

    /// The names of an object's fields in order; empty for another type.
    package var names: [String] {
        guard isObject else { return [] }
        var names: [String] = []
        tape.forEachField(of: index) { names.append(tape.string(at: $0)) }
        return names
    }

    /// The field of that name, or nil if this is no object or has no such field.
    package subscript(_ name: String) -> JSONView? {
        guard isObject, let field = tape.field(name, of: index) else { return nil }
        return JSONView(tape: tape, index: field)
    }
}
