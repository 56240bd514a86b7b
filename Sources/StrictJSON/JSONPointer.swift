/// The place of a value inside a JSON text (RFC 6901): `/install/docker`, `/labels/a~1b`, `/data/3`.
package struct JSONPointer: Sendable, Hashable, CustomStringConvertible {
    /// The pointer as text; empty for the whole text.
    package private(set) var text: String

    package var description: String { text }

    /// The whole text.
    package static let root = JSONPointer()

    package init() {
        text = ""
    }

    /// The pointer of the named field below this one.
    package func appending(_ name: String) -> JSONPointer {
        var pointer = self
        pointer.append(name)
        return pointer
    }

    /// The pointer of the array element below this one.
    package func appending(_ index: Int) -> JSONPointer {
        var pointer = self
        pointer.text += "/\(index)"
        return pointer
    }

    /// Goes down to a named field; `~` and `/` are escaped.
    package mutating func append(_ name: String) {
        text += "/"
        for scalar in name.unicodeScalars {
            switch scalar {
            case "~": text += "~0"
            case "/": text += "~1"
            default: text.unicodeScalars.append(scalar)
            }
        }
    }
}
