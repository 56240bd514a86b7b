/// Checks a text against RFC 8259 and the limits, and lists its nodes; it makes no `String` and no recursion.
struct JSONScanner {
    let bytes: [UInt8]
    let limits: JSONLimits
    var position = 0
    var nodes: [JSONNode] = []
    /// Indices of the arrays and objects that are not closed yet, outermost first.
    private var open: [Int] = []

    init(bytes: [UInt8], limits: JSONLimits) {
        self.bytes = bytes
        self.limits = limits
    }

    /// Scans the whole text.
    mutating func scan() throws(JSONError) {
        guard bytes.count <= limits.maximumBytes else {
            throw JSONError(
                .tooLarge,
                message: "The JSON text must not be longer than \(limits.maximumBytes) bytes."
            )
        }
        nodes.reserveCapacity(min(bytes.count / 8 + 4, 4_096))
        try scanValue()
        while let container = open.last {
            if nodes[container].kind == .object {
                try scanField(of: container)
            } else {
                try scanElement(of: container)
            }
        }
        skipSpace()
        guard position == bytes.count else {
            throw JSONError(
                .trailingData,
                message: "Nothing may follow the JSON value; byte \(position) is too much."
            )
        }
    }

    private mutating func scanField(of container: Int) throws(JSONError) {
        let isFirst = nodes[container].count == 0
        guard try !closes(container, with: UInt8(ascii: "}"), isFirst: isFirst) else { return }
        skipSpace()
        guard position < bytes.count else { throw endOfText() }
        guard bytes[position] == UInt8(ascii: "\"") else {
            throw malformed("a field name in quotation marks", in: container)
        }
        nodes[container].count += 1
        try scanString()
        skipSpace()
        guard position < bytes.count else { throw endOfText() }
        guard bytes[position] == UInt8(ascii: ":") else {
            throw malformed("a colon after the field name", in: container)
        }
        position += 1
        try scanValue()
    }

    private mutating func scanElement(of container: Int) throws(JSONError) {
        let isFirst = nodes[container].count == 0
        guard try !closes(container, with: UInt8(ascii: "]"), isFirst: isFirst) else { return }
        nodes[container].count += 1
        try scanValue()
    }

    /// Reads the closing bracket, or the comma before the next member.
    private mutating func closes(_ container: Int, with bracket: UInt8, isFirst: Bool) throws(JSONError) -> Bool {
        skipSpace()
        guard position < bytes.count else { throw endOfText() }
        if bytes[position] == bracket {
            position += 1
            nodes[container].next = Int32(truncatingIfNeeded: nodes.count)
            nodes[container].end = Int32(truncatingIfNeeded: position)
            open.removeLast()
            if nodes[container].kind == .object {
                try refuseDuplicates(in: container)
            }
            return true
        }
        if !isFirst {
            guard bytes[position] == UInt8(ascii: ",") else {
                throw malformed("a comma or a closing bracket", in: container)
            }
            position += 1
        }
        return false
    }

    private mutating func scanValue() throws(JSONError) {
        skipSpace()
        guard position < bytes.count else { throw endOfText() }
        switch bytes[position] {
        case UInt8(ascii: "\""): try scanString()
        case UInt8(ascii: "{"): try openContainer(.object)
        case UInt8(ascii: "["): try openContainer(.array)
        case UInt8(ascii: "t"): try scanWord("true", kind: .bool)
        case UInt8(ascii: "f"): try scanWord("false", kind: .bool)
        case UInt8(ascii: "n"): try scanWord("null", kind: .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try scanNumber()
        default: throw fault(.malformed, "A JSON value must stand at byte \(position).")
        }
    }

    private mutating func openContainer(_ kind: JSONNode.Kind) throws(JSONError) {
        guard open.count < limits.maximumDepth else {
            throw fault(
                .tooDeep,
                "Arrays and objects must not be nested deeper than \(limits.maximumDepth) levels."
            )
        }
        open.append(nodes.count)
        nodes.append(JSONNode(kind, start: position))
        position += 1
    }

    private mutating func scanWord(_ word: StaticString, kind: JSONNode.Kind) throws(JSONError) {
        let start = position
        let matches = word.withUTF8Buffer { expected in
            bytes.count - start >= expected.count && bytes[start..<start + expected.count].elementsEqual(expected)
        }
        guard matches else {
            let rest = bytes[start...]
            let isCut = word.withUTF8Buffer { rest.count < $0.count && $0.starts(with: rest) }
            throw isCut ? endOfText() : fault(.malformed, "A JSON value must stand at byte \(start).")
        }
        append(kind, start: start, end: start + word.utf8CodeUnitCount)
    }

    /// Appends a scalar and moves behind it.
    mutating func append(_ kind: JSONNode.Kind, start: Int, end: Int, isPlain: Bool = false) {
        var node = JSONNode(kind, start: start)
        node.end = Int32(truncatingIfNeeded: end)
        node.next = Int32(truncatingIfNeeded: nodes.count + 1)
        node.isPlain = isPlain
        nodes.append(node)
        position = end
    }

    private mutating func skipSpace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x09, 0x0A, 0x0D: position += 1
            default: return
            }
        }
    }
}

extension JSONScanner {
    /// An error about the value that was to come next.
    func fault(_ code: JSONError.Code, _ message: String) -> JSONError {
        JSONError(code, path: JSONTape(bytes: bytes, nodes: nodes).pointer(to: nodes.count).text, message: message)
    }

    func endOfText() -> JSONError {
        fault(.unexpectedEnd, "The JSON text ends at byte \(bytes.count), before its value is complete.")
    }

    private func malformed(_ expected: String, in container: Int) -> JSONError {
        JSONError(
            .malformed,
            path: JSONTape(bytes: bytes, nodes: nodes).pointer(to: container).text,
            message: "At byte \(position) there must be \(expected)."
        )
    }

    /// Refuses an object that has one name twice; canonically equivalent names count as the same.
    private func refuseDuplicates(in container: Int) throws(JSONError) {
        let count = Int(nodes[container].count)
        guard count > 1 else { return }
        let tape = JSONTape(bytes: bytes, nodes: nodes)
        var names: [Int] = []
        names.reserveCapacity(count)
        var seen: Set<String> = []
        var name = container + 1
        while name < nodes.count {
            let isDuplicate: Bool
            if count <= 8 {
                isDuplicate = names.contains { tape.sameString($0, name) }
                names.append(name)
            } else {
                isDuplicate = !seen.insert(tape.string(at: name)).inserted
            }
            if isDuplicate {
                throw JSONError(
                    .duplicateName,
                    path: tape.pointer(to: name).text,
                    message: "Field \(JSONError.quoted(tape.string(at: name))) must stand only once."
                )
            }
            name = Int(nodes[name + 1].next)
        }
    }
}
