/// Why a JSON text was refused or could not be written: what, where, and what would be right.
///
/// Two errors are equal if code and path are.
public struct JSONError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What kind of fault it is.
    public struct Code: RawRepresentable, Sendable, Hashable {
        /// The code as text.
        public let rawValue: String

        /// Makes a code from its text.
        public init(rawValue: String) {
            self.rawValue = rawValue
        }

        /// The text is longer than the limit.
        public static let tooLarge = Code(rawValue: "too_large")
        /// Arrays and objects are nested deeper than the limit.
        public static let tooDeep = Code(rawValue: "too_deep")
        /// A byte stands where the grammar wants another.
        public static let malformed = Code(rawValue: "malformed")
        /// The text stops before the value is complete.
        public static let unexpectedEnd = Code(rawValue: "unexpected_end")
        /// Something follows the value.
        public static let trailingData = Code(rawValue: "trailing_data")
        /// A string is not UTF-8.
        public static let invalidUTF8 = Code(rawValue: "invalid_utf8")
        /// A string has a control character, U+0000, an unknown escape or a lone surrogate.
        public static let invalidString = Code(rawValue: "invalid_string")
        /// A number breaks the grammar.
        public static let invalidNumber = Code(rawValue: "invalid_number")
        /// A number does not fit 64 bits, or the type that was asked for.
        public static let numberOutOfRange = Code(rawValue: "number_out_of_range")
        /// An object has the same name twice.
        public static let duplicateName = Code(rawValue: "duplicate_name")
        /// An object has names that nobody knows here.
        public static let unknownField = Code(rawValue: "unknown_field")
        /// A required field is absent.
        public static let missingField = Code(rawValue: "missing_field")
        /// A value is of another type.
        public static let wrongType = Code(rawValue: "wrong_type")
        /// A value has the right type but is not allowed.
        public static let invalidValue = Code(rawValue: "invalid_value")
    }

    /// One fault of possibly several.
    public struct Fault: Sendable, Hashable {
        /// JSON Pointer (RFC 6901) of the faulty value; empty for the whole text.
        public let path: String
        /// A sentence that says what would be right; it never repeats a value of the input.
        public let message: String

        /// Makes a fault.
        public init(path: String, message: String) {
            self.path = path
            self.message = message
        }
    }

    /// What kind of fault it is.
    public let code: Code
    /// All faults found, in document order: at least one; only unknown fields come as several.
    public let faults: [Fault]

    /// JSON Pointer of the first fault.
    public var path: String { faults.first?.path ?? "" }

    /// A sentence that says what would be right; several faults are joined.
    public var message: String {
        faults.map(\.message).joined(separator: " ")
    }

    /// Code, place and sentence.
    public var description: String {
        path.isEmpty ? "\(code.rawValue): \(message)" : "\(code.rawValue) at \(path): \(message)"
    }

    /// Makes an error with one fault.
    public init(_ code: Code, path: String = "", message: String) {
        self.code = code
        faults = [Fault(path: path, message: message)]
    }

    /// Makes an error with several faults of one kind.
    init(_ code: Code, faults: [Fault]) {
        self.code = code
        self.faults = faults
    }

    /// Equal if code and path are.
    public static func == (left: Self, right: Self) -> Bool {
        left.code == right.code && left.path == right.path
    }
}

extension JSONError {
    /// A name as it may stand in a message: at most 64 characters, without control characters.
    static func quoted(_ name: String) -> String {
        var shown = String.UnicodeScalarView()
        for scalar in name.unicodeScalars.prefix(64) {
            shown.append(scalar.value < 0x20 || scalar.value == 0x7F ? "\u{FFFD}" : scalar)
        }
        return name.unicodeScalars.count > 64 ? "“\(String(shown))…”" : "“\(String(shown))”"
    }
}
