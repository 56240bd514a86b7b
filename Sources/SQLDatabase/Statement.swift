/// The text of one SQL statement, in the common language of both engines, with `?` for each bound value.
///
/// Statements are named constants, so that a test can list them and prepare each on every engine. A list with filters
/// is put together from constant pieces by ``StatementBuilder``. A value never becomes part of the text.
package struct Statement: Sendable, Hashable, ExpressibleByStringLiteral {
    /// The text as written, before a driver turns it into its own form.
    package let text: String

    package init(_ text: String) {
        self.text = text
    }

    package init(stringLiteral text: String) {
        self.text = text
    }

    /// The text with numbered parameters (`$1`, `$2`, …), as PostgreSQL wants them.
    ///
    /// A question mark inside a quoted string or identifier is left alone.
    package var numbered: String {
        var result = ""
        var quote: Character?
        var number = 0
        for character in text {
            if let open = quote {
                if character == open { quote = nil }
                result.append(character)
            } else if character == "?" {
                number += 1
                result += "$\(number)"
            } else {
                if character == "'" || character == "\"" { quote = character }
                result.append(character)
            }
        }
        return result
    }
}
