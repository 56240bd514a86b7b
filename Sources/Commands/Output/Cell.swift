/// One piece of text in a table, with the tone it is shown in.
package struct Cell: Sendable, Equatable, ExpressibleByStringLiteral {
    /// What a colour says.
    ///
    /// The text says the same, for those who see none.
    package enum Tone: String, Sendable {
        case plain = ""
        case good = "32"
        case warning = "33"
        case bad = "31"
        case faint = "2"
    }

    package let text: String
    package let tone: Tone

    /// Control characters become spaces: nothing that a server or an agent states may steer the terminal.
    package init(_ text: String?, _ tone: Tone = .plain) {
        let text = text ?? ""
        var clean = ""
        for scalar in text.unicodeScalars {
            clean.unicodeScalars.append(Self.isUnsafe(scalar) ? " " : scalar)
        }
        self.text = clean.isEmpty ? "-" : clean
        self.tone = tone
    }

    package init(stringLiteral value: String) {
        self.init(value)
    }

    var width: Int { text.count }

    func shown(coloured: Bool) -> String {
        coloured && tone != .plain ? "\u{1B}[\(tone.rawValue)m\(text)\u{1B}[0m" : text
    }

    /// Control characters and the characters that turn the writing direction.
    private static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: true
        case .format:
            (0x200E...0x200F).contains(scalar.value) || (0x202A...0x202E).contains(scalar.value)
                || (0x2066...0x2069).contains(scalar.value)
        default: false
        }
    }
}
