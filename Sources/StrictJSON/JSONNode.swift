/// One value or field name of a scanned text: where it stands and where the next one begins.
///
/// A document is a flat array of these. An object is followed by name, value, name, value, …; an array by its
/// elements. Twenty bytes each, so that a hostile text of one megabyte stays at ten.
struct JSONNode: Sendable {
    enum Kind: UInt8 {
        case null
        case bool
        case integer
        case double
        case string
        case array
        case object
    }

    let kind: Kind
    /// For strings: only ASCII and no escapes, so that the bytes of the text are the bytes of the string.
    var isPlain = false
    /// First byte of the content; for strings the one after the quotation mark.
    let start: Int32
    /// One past the last byte of the content.
    var end: Int32 = 0
    /// Index of the node behind this one and all it contains; 0 while it is still being scanned.
    var next: Int32 = 0
    /// How many elements or fields it has.
    var count: Int32 = 0

    init(_ kind: Kind, start: Int) {
        self.kind = kind
        self.start = Int32(truncatingIfNeeded: start)
    }

    /// The type in words, for messages.
    var typeName: String {
        switch kind {
        case .null: "null"
        case .bool: "true or false"
        case .integer: "an integer"
        case .double: "a number"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }
}
