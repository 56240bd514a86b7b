/// One line being typed: bytes of the terminal in, what to do out.
///
/// States of the input: between keys; within a character of several bytes; after an escape; within an escape sequence.
/// A control character ends any unfinished sequence and counts itself, so that Ctrl-C always works.
package struct LineEditorStateMachine: Sendable {
    package enum Action: Equatable, Sendable {
        case none
        /// The line or the cursor changed.
        case redraw
        /// Tab: offer what the text before the cursor can become.
        case complete
        /// Ctrl-L: an empty screen.
        case clearScreen
        /// Enter.
        case accept(String)
        /// Ctrl-C: the line is given up.
        case abandon
        /// Ctrl-D on an empty line.
        case end
    }

    enum Input: Equatable {
        case ground
        case character(bytes: [UInt8], missing: Int)
        case escape
        case sequence([UInt8])
    }

    /// Longer lines are not taken.
    package static let limit = 4_096

    package internal(set) var text: [Character] = []
    /// From 0 to the text's count.
    package internal(set) var cursor = 0
    var input = Input.ground
    let history: [String]
    /// The history's line that is shown; its count stands for the new line.
    var place: Int
    var draft: [Character] = []

    package init(history: [String] = []) {
        self.history = history
        place = history.count
    }

    package var beforeCursor: String { String(text[..<cursor]) }

    /// Takes the next byte.
    package mutating func feed(_ byte: UInt8) -> Action {
        if byte < 0x20 || byte == 0x7F {
            input = byte == 0x1B ? .escape : .ground
            return byte == 0x1B ? .none : control(byte)
        }
        switch input {
        case .ground: return begin(byte)
        case .character(let bytes, let missing): return goOn(bytes + [byte], missing - 1)
        case .escape:
            input = byte == UInt8(ascii: "[") || byte == UInt8(ascii: "O") ? .sequence([]) : .ground
            return .none
        case .sequence(let bytes): return sequence(bytes, byte)
        }
    }

    /// Puts text at the cursor, as completion does.
    package mutating func insert(_ added: String) {
        let taken = Array(added).prefix(max(0, Self.limit - text.count))
        text.insert(contentsOf: taken, at: cursor)
        cursor += taken.count
    }

    private mutating func begin(_ byte: UInt8) -> Action {
        let missing =
            switch byte {
            case 0x20...0x7E: 0
            case 0xC2...0xDF: 1
            case 0xE0...0xEF: 2
            case 0xF0...0xF4: 3
            default: -1
            }
        guard missing >= 0 else { return .none }
        input = .character(bytes: [byte], missing: missing)
        return missing == 0 ? finish([byte]) : .none
    }

    private mutating func goOn(_ bytes: [UInt8], _ missing: Int) -> Action {
        guard let last = bytes.last, last & 0xC0 == 0x80 else {
            // The character was cut off; the byte begins another.
            input = .ground
            return bytes.last.map { begin($0) } ?? .none
        }
        input = .character(bytes: bytes, missing: missing)
        return missing == 0 ? finish(bytes) : .none
    }

    private mutating func finish(_ bytes: [UInt8]) -> Action {
        input = .ground
        guard let added = String(validating: bytes, as: UTF8.self), let scalar = added.unicodeScalars.first,
            scalar.properties.generalCategory != .control, scalar.properties.generalCategory != .format,
            text.count < Self.limit
        else { return .none }
        // A mark joins the character before it, which keeps the count of characters right.
        let before = String(text[..<cursor]) + added
        text.replaceSubrange(..<cursor, with: Array(before))
        cursor = before.count
        return .redraw
    }

    private mutating func sequence(_ bytes: [UInt8], _ byte: UInt8) -> Action {
        switch byte {
        case 0x20...0x3F where bytes.count < 16:
            input = .sequence(bytes + [byte])
            return .none
        case 0x40...0x7E:
            input = .ground
            return key(bytes, byte)
        default:
            input = .ground
            return byte >= 0x80 ? begin(byte) : .none
        }
    }
}
