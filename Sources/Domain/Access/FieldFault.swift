/// One field that can't be accepted: its JSON pointer and what would be.
package struct FieldFault: Error, Hashable, Sendable {
    package let path: String
    package let message: String

    package init(path: String, message: String) {
        self.path = path
        self.message = message
    }
}

/// Every faulty field of a request.
package struct FieldFaults: Error, Hashable, Sendable {
    package let faults: [FieldFault]

    package init(faults: [FieldFault]) { self.faults = faults }
}

/// Collects the faults of fields while it reads them.
struct FieldCheck {
    private(set) var faults: [FieldFault] = []

    mutating func fault(_ path: String, _ message: String) {
        faults.append(FieldFault(path: path, message: message))
    }

    /// One line that people read: a length in Unicode scalars, something visible if it must not be empty, and nothing
    /// that moves the cursor or turns the direction of what follows.
    mutating func line(_ value: String, at path: String, _ range: ClosedRange<Int>) -> String {
        if !range.contains(value.unicodeScalars.count) {
            fault(path, "must have \(range.lowerBound) to \(range.upperBound) characters")
        } else if value.unicodeScalars.contains(where: Self.isControl) {
            fault(path, "must not contain control characters")
        } else if range.lowerBound > 0, value.allSatisfy(\.isWhitespace) {
            fault(path, "must not be blank")
        }
        return value
    }

    /// The value, or every fault that was found.
    func result<Value>(_ value: Value?) -> Result<Value, FieldFaults> {
        guard let value, faults.isEmpty else { return .failure(FieldFaults(faults: faults)) }
        return .success(value)
    }

    /// C0, DEL, C1, line and paragraph separators, and the embeddings, overrides and isolates of direction.
    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case ..<0x20, 0x7F...0x9F, 0x2028...0x202E, 0x2066...0x2069: true
        default: false
        }
    }
}

extension FieldFault {
    /// What is wrong with a name that people read, if anything is.
    package static func ofName(_ name: String, at path: String = "/name", _ range: ClosedRange<Int>) -> [FieldFault] {
        var check = FieldCheck()
        _ = check.line(name, at: path, range)
        return check.faults
    }
}
