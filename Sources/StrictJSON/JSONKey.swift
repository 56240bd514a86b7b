/// A coding key for any name or position.
struct JSONKey: CodingKey {
    let stringValue: String
    let intValue: Int?

    init(stringValue: String) {
        self.stringValue = stringValue
        intValue = nil
    }

    init(intValue: Int) {
        stringValue = String(intValue)
        self.intValue = intValue
    }
}

extension [any CodingKey] {
    /// The JSON Pointer of a coding path.
    var pointer: JSONPointer {
        var pointer = JSONPointer.root
        for key in self {
            if let position = key.intValue {
                pointer = pointer.appending(position)
            } else {
                pointer.append(key.stringValue)
            }
        }
        return pointer
    }
}
