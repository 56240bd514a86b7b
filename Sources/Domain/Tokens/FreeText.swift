/// Text that somebody else wrote, made fit for the audit trail and event histories.
package enum FreeText {
    /// How many characters are kept of one field.
    package static let maximumLength = 2000

    /// Without tokens, without U+0000 (which no database takes), and cut where it is too long.
    package static func cleaned(_ text: String, limit: Int = maximumLength) -> String {
        var redacted = SecretRedaction.redact(text)
        if redacted.utf8.contains(0) {
            redacted = String(redacted.unicodeScalars.map { $0 == "\u{0}" ? "\u{FFFD}" : Character($0) })
        }
        return redacted.count > limit ? redacted.prefix(limit) + "…" : redacted
    }
}
