/// A value that is bound to a statement or read from a row.
///
/// Booleans are integers 0 and 1 on both engines; times are integers (microseconds since 1970 UTC); JSON is text.
package enum SQLValue: Sendable, Hashable {
    case null
    case int(Int64)
    case text(String)
    case bytes([UInt8])

    package static func int(_ value: Int) -> SQLValue { .int(Int64(value)) }

    package static func int(_ value: Int64?) -> SQLValue { value.map { .int($0) } ?? .null }

    package static func int(_ value: Int?) -> SQLValue { value.map { .int(Int64($0)) } ?? .null }

    package static func text(_ value: String?) -> SQLValue { value.map { .text($0) } ?? .null }

    package static func bytes(_ value: [UInt8]?) -> SQLValue { value.map { .bytes($0) } ?? .null }

    package static func bool(_ value: Bool) -> SQLValue { .int(value ? 1 : 0) }

    package static func bool(_ value: Bool?) -> SQLValue { value.map { .bool($0) } ?? .null }
}

extension SQLValue: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The kind of the value only: what is stored never reaches a log through here.
    package var description: String {
        switch self {
        case .null: "null"
        case .int: "int"
        case .text: "text"
        case .bytes: "bytes"
        }
    }

    package var debugDescription: String { description }

    package var customMirror: Mirror { Mirror(self, children: []) }
}
