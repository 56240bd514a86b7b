import Domain

/// `User-Agent` as it may stand in an audit event: shortened, printable, without anything that looks like a secret.
package enum UserAgent {
    package static func sane(_ text: String?) -> String? {
        guard let text, !text.isEmpty else { return nil }
        var shown = String.UnicodeScalarView()
        for scalar in text.unicodeScalars.prefix(200) {
            shown.append(scalar.value < 0x20 || scalar.value == 0x7F ? "\u{FFFD}" : scalar)
        }
        return SecretRedaction.redact(String(shown))
    }
}
