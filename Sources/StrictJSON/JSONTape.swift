/// A scanned text, its bytes and its nodes: reads single nodes and finds their place.
struct JSONTape: Sendable {
    let bytes: [UInt8]
    let nodes: [JSONNode]

    /// One step of the way to a node.
    enum Step {
        case name(String)
        case index(Int)
    }

    /// The text of a scalar node.
    private func content(_ index: Int) -> ArraySlice<UInt8> {
        bytes[Int(nodes[index].start)..<Int(nodes[index].end)]
    }

    /// The string at a string node.
    func string(at index: Int) -> String {
        let raw = content(index)
        guard !nodes[index].isPlain, raw.contains(UInt8(ascii: "\\")) else {
            return String(decoding: raw, as: UTF8.self)
        }
        return String(decoding: Self.unescape(raw), as: UTF8.self)
    }

    /// Whether two string nodes hold the same string.
    func sameString(_ left: Int, _ right: Int) -> Bool {
        if nodes[left].isPlain, nodes[right].isPlain {
            return content(left).elementsEqual(content(right))
        }
        return string(at: left) == string(at: right)
    }

    /// Whether a string node holds this string.
    func matches(_ index: Int, _ text: String) -> Bool {
        if nodes[index].isPlain {
            let raw = content(index)
            return raw.count == text.utf8.count && raw.elementsEqual(text.utf8)
        }
        return string(at: index) == text
    }

    /// The Boolean at a `bool` node.
    func bool(at index: Int) -> Bool {
        bytes[Int(nodes[index].start)] == UInt8(ascii: "t")
    }

    /// The integer at an `integer` node.
    func integer(at index: Int) -> Int64 {
        Self.integer(content(index)) ?? 0
    }

    /// The number at an `integer` or `double` node.
    func double(at index: Int) -> Double {
        Self.double(content(index)) ?? 0
    }

    /// The value at a node, with all it contains.
    func value(at index: Int) -> JSONValue {
        switch nodes[index].kind {
        case .null: return .null
        case .bool: return .bool(bool(at: index))
        case .integer: return .integer(integer(at: index))
        case .double: return .double(double(at: index))
        case .string: return .string(string(at: index))
        case .array:
            var elements: [JSONValue] = []
            elements.reserveCapacity(Int(nodes[index].count))
            forEachElement(of: index) { elements.append(value(at: $0)) }
            return .array(elements)
        case .object:
            var fields: [JSONObject.Field] = []
            fields.reserveCapacity(Int(nodes[index].count))
            forEachField(of: index) { fields.append(.init(name: string(at: $0), value: value(at: $0 + 1))) }
            return .object(JSONObject(distinct: fields))
        }
    }

    /// Calls the body with the node of each element of an array.
    func forEachElement(of index: Int, _ body: (Int) -> Void) {
        var element = index + 1
        while element < Int(nodes[index].next) {
            body(element)
            element = Int(nodes[element].next)
        }
    }

    /// Calls the body with the name node of each field of an object; its value is the node behind.
    func forEachField(of index: Int, _ body: (Int) -> Void) {
        var name = index + 1
        while name < Int(nodes[index].next) {
            body(name)
            name = Int(nodes[name + 1].next)
        }
    }

    /// The value node of a field, or nil.
    func field(_ name: String, of index: Int) -> Int? {
        var candidate = index + 1
        while candidate < Int(nodes[index].next) {
            if matches(candidate, name) { return candidate + 1 }
            candidate = Int(nodes[candidate + 1].next)
        }
        return nil
    }
}

extension JSONTape {
    /// The JSON Pointer of a node; one past the last node means the value that was to come next.
    func pointer(to target: Int) -> JSONPointer {
        var pointer = JSONPointer.root
        for step in steps(to: target) {
            switch step {
            case .name(let name): pointer.append(name)
            case .index(let index): pointer = pointer.appending(index)
            }
        }
        return pointer
    }

    /// The way from the root to a node.
    func steps(to target: Int) -> [Step] {
        var steps: [Step] = []
        var current = 0
        while current < target, current < nodes.count {
            switch nodes[current].kind {
            case .object:
                var name = current + 1
                while name + 1 < nodes.count, end(of: name + 1) <= target { name = end(of: name + 1) }
                guard name < nodes.count, name <= target else { return steps }
                steps.append(.name(string(at: name)))
                guard name < target else { return steps }
                current = name + 1
            case .array:
                var position = 0
                var element = current + 1
                while element < nodes.count, end(of: element) <= target {
                    element = end(of: element)
                    position += 1
                }
                steps.append(.index(position))
                current = element
            default:
                return steps
            }
        }
        return steps
    }

    /// The node behind a value; a value that is not closed yet reaches to the end of all.
    private func end(of index: Int) -> Int {
        nodes[index].next == 0 ? Int.max : Int(nodes[index].next)
    }
}

extension JSONTape {
    /// An integer of the JSON grammar, or nil if it does not fit.
    static func integer(_ text: ArraySlice<UInt8>) -> Int64? {
        var value: Int64 = 0
        let isNegative = text.first == UInt8(ascii: "-")
        for byte in isNegative ? text.dropFirst() : text {
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let digit = Int64(byte - UInt8(ascii: "0"))
            let (sum, carry) =
                isNegative
                ? product.subtractingReportingOverflow(digit) : product.addingReportingOverflow(digit)
            guard !overflow, !carry else { return nil }
            value = sum
        }
        return value
    }

    /// A number of the JSON grammar, or nil if it does not fit.
    static func double(_ text: ArraySlice<UInt8>) -> Double? {
        Double(String(decoding: text, as: UTF8.self))
    }

    /// The bytes of a string whose escapes were checked before.
    private static func unescape(_ raw: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(raw.count)
        var cursor = raw.startIndex
        while cursor < raw.endIndex {
            guard raw[cursor] == UInt8(ascii: "\\") else {
                result.append(raw[cursor])
                cursor += 1
                continue
            }
            switch raw[cursor + 1] {
            case UInt8(ascii: "b"): result.append(0x08)
            case UInt8(ascii: "f"): result.append(0x0C)
            case UInt8(ascii: "n"): result.append(0x0A)
            case UInt8(ascii: "r"): result.append(0x0D)
            case UInt8(ascii: "t"): result.append(0x09)
            case UInt8(ascii: "u"):
                var scalar = hexadecimal(raw, at: cursor + 2)
                if scalar & 0xFC00 == 0xD800 {
                    scalar = 0x10000 + (scalar - 0xD800) << 10 + (hexadecimal(raw, at: cursor + 8) - 0xDC00)
                    cursor += 6
                }
                if let character = Unicode.Scalar(scalar) {
                    result.append(contentsOf: UTF8.encode(character) ?? UTF8.encodedReplacementCharacter)
                }
                cursor += 4
            default: result.append(raw[cursor + 1])
            }
            cursor += 2
        }
        return result
    }

    private static func hexadecimal(_ raw: ArraySlice<UInt8>, at start: Int) -> UInt32 {
        raw[start..<start + 4].reduce(0) { $0 << 4 | (JSONScanner.hexadecimalDigit($1) ?? 0) }
    }
}
