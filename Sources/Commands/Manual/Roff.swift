/// Writes text for man(7) so that it comes out as it is, whatever it holds.
package enum Roff {
    /// A line of text: never a request, never an escape, never two lines.
    ///
    /// Every hyphen is a minus sign, so that an option copied from the page works; what is not ASCII is named by its
    /// number, so that the page needs no encoding; a control character becomes a space.
    package static func line(_ text: String) -> String {
        let escaped = escape(text)
        return escaped.hasPrefix(".") ? "\\&" + escaped : escaped
    }

    /// The argument of a request, in quotes.
    package static func argument(_ text: String) -> String { "\"" + escape(text) + "\"" }

    package static func bold(_ text: String) -> String { "\\fB" + escape(text) + "\\fR" }

    package static func italic(_ text: String) -> String { "\\fI" + escape(text) + "\\fR" }

    private static func escape(_ text: String) -> String {
        var escaped = ""
        var isBlank = true
        for scalar in text.unicodeScalars {
            let space = scalar == " " || scalar.properties.generalCategory == .control
            // Leading and doubled blanks mean something in roff.
            if !space || !isBlank { escaped += space ? " " : self.scalar(scalar) }
            isBlank = space
        }
        return escaped
    }

    private static func scalar(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "\\": "\\e"
        case "-": "\\-"
        case "'": "\\(aq"
        case "\"": "\\(dq"
        case "`": "\\(ga"
        case "^": "\\(ha"
        case "~": "\\(ti"
        case _ where scalar.isASCII: String(scalar)
        default: "\\[u" + hexadecimal(scalar.value) + "]"
        }
    }

    /// At least four digits, as groff wants them.
    private static func hexadecimal(_ value: UInt32) -> String {
        let digits = String(value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
