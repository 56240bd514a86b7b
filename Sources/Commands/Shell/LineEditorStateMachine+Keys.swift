/// What each key does.
extension LineEditorStateMachine {
    mutating func control(_ byte: UInt8) -> Action {
        switch byte {
        case 0x01: move(to: 0)
        case 0x02: move(to: cursor - 1)
        case 0x03: .abandon
        case 0x04: text.isEmpty ? .end : remove(cursor..<(cursor + 1))
        case 0x05: move(to: text.count)
        case 0x06: move(to: cursor + 1)
        case 0x08, 0x7F: remove((cursor - 1)..<cursor)
        case 0x09: .complete
        case 0x0A, 0x0D: .accept(String(text))
        case 0x0B: remove(cursor..<text.count)
        case 0x0C: .clearScreen
        case 0x0E: recall(place + 1)
        case 0x10: recall(place - 1)
        case 0x15: remove(0..<cursor)
        case 0x17: remove(wordStart..<cursor)
        default: .none
        }
    }

    /// The end of an escape sequence: arrows, Home, End, Delete.
    mutating func key(_ parameters: [UInt8], _ final: UInt8) -> Action {
        switch (final, parameters) {
        case (UInt8(ascii: "A"), _): recall(place - 1)
        case (UInt8(ascii: "B"), _): recall(place + 1)
        case (UInt8(ascii: "C"), _): move(to: cursor + 1)
        case (UInt8(ascii: "D"), _): move(to: cursor - 1)
        case (UInt8(ascii: "H"), _), (UInt8(ascii: "~"), [0x31]), (UInt8(ascii: "~"), [0x37]): move(to: 0)
        case (UInt8(ascii: "F"), _), (UInt8(ascii: "~"), [0x34]), (UInt8(ascii: "~"), [0x38]): move(to: text.count)
        case (UInt8(ascii: "~"), [0x33]): remove(cursor..<(cursor + 1))
        default: .none
        }
    }

    private mutating func move(to place: Int) -> Action {
        guard (0...text.count).contains(place), place != cursor else { return .none }
        cursor = place
        return .redraw
    }

    private mutating func remove(_ range: Range<Int>) -> Action {
        guard range.lowerBound >= 0, range.upperBound <= text.count, !range.isEmpty else { return .none }
        text.removeSubrange(range)
        // Removing may join what was apart, such as a letter and a mark.
        let before = String(text[..<range.lowerBound]).count
        text = Array(String(text))
        cursor = min(before, text.count)
        return .redraw
    }

    /// Where the word before the cursor begins, blanks behind it included.
    private var wordStart: Int {
        var start = cursor
        while start > 0, text[start - 1] == " " { start -= 1 }
        while start > 0, text[start - 1] != " " { start -= 1 }
        return start
    }

    private mutating func recall(_ wanted: Int) -> Action {
        guard (0...history.count).contains(wanted), wanted != place else { return .none }
        if place == history.count { draft = text }
        place = wanted
        text = wanted == history.count ? draft : Array(history[wanted])
        cursor = text.count
        return .redraw
    }
}
