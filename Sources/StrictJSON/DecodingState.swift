/// What the containers of one decoding run share: the text, and which fields were asked for.
final class DecodingState {
    /// Above this number of fields an object gets an index by name.
    private static let indexThreshold = 16

    let tape: JSONTape
    let userInfo: [CodingUserInfoKey: any Sendable]
    /// Per node: for arrays and objects whether a container was made of it, for names whether it was asked for.
    private var isKnown: [Bool]
    private var fieldIndices: [Int: [String: Int]] = [:]

    init(tape: JSONTape, userInfo: [CodingUserInfoKey: any Sendable]) {
        self.tape = tape
        self.userInfo = userInfo
        isKnown = Array(repeating: false, count: tape.nodes.count)
    }

    /// Notes that an array or object is read through a container, so that its fields are checked at the end.
    func markOpened(_ index: Int) {
        isKnown[index] = true
    }

    /// Notes that a value was read whole, so that none of its fields is unknown.
    func markTaken(_ index: Int) {
        guard tape.nodes[index].kind == .object else { return }
        tape.forEachField(of: index) { isKnown[$0] = true }
    }

    /// The value node of a field; notes that it was asked for.
    func field(_ name: String, of index: Int) -> Int? {
        let value: Int?
        if tape.nodes[index].count > Self.indexThreshold {
            value = fieldIndex(of: index)[name]
        } else {
            value = tape.field(name, of: index)
        }
        if let value {
            isKnown[value - 1] = true
        }
        return value
    }

    private func fieldIndex(of index: Int) -> [String: Int] {
        if let known = fieldIndices[index] { return known }
        var made: [String: Int] = [:]
        tape.forEachField(of: index) { made[tape.string(at: $0)] = $0 + 1 }
        fieldIndices[index] = made
        return made
    }

    /// Refuses fields that nobody asked for, all at once.
    func refuseUnknownFields() throws(JSONError) {
        var faults: [JSONError.Fault] = []
        collectUnknownFields(of: 0, into: &faults)
        if !faults.isEmpty {
            throw JSONError(.unknownField, faults: faults)
        }
    }

    private func collectUnknownFields(of index: Int, into faults: inout [JSONError.Fault]) {
        guard isKnown[index] else { return }
        switch tape.nodes[index].kind {
        case .array:
            tape.forEachElement(of: index) { collectUnknownFields(of: $0, into: &faults) }
        case .object:
            tape.forEachField(of: index) { name in
                if isKnown[name] {
                    collectUnknownFields(of: name + 1, into: &faults)
                } else {
                    let shown = JSONError.quoted(tape.string(at: name))
                    faults.append(
                        .init(
                            path: tape.pointer(to: name).text,
                            message: "Field \(shown) is not known here; leave it out."
                        )
                    )
                }
            }
        default:
            break
        }
    }
}

extension DecodingState {
    /// The coding path of a node, for protocols that ask for one.
    func codingPath(of index: Int) -> [any CodingKey] {
        tape.steps(to: index).map { step in
            switch step {
            case .name(let name): JSONKey(stringValue: name)
            case .index(let position): JSONKey(intValue: position)
            }
        }
    }

    /// An error about the value at a node.
    func fault(_ code: JSONError.Code, at index: Int, _ message: String) -> JSONError {
        JSONError(code, path: tape.pointer(to: index).text, message: message)
    }

    func wrongType(at index: Int, expected: String) -> JSONError {
        fault(.wrongType, at: index, "The value must be \(expected), not \(tape.nodes[index].typeName).")
    }
}
