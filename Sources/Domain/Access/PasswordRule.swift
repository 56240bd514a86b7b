/// What a password has to be: 12 to 256 characters, not the address, not one that everybody tries first.
///
/// Length is what helps (NIST SP 800-63B §3.1.1); no classes of characters are asked for. The password is used as the
/// UTF-8 bytes that were sent.
package enum PasswordRule {
    package static let lengths = 12...256

    /// What is wrong with a password, as a sentence for its field, or `nil`.
    package static func fault(in password: String, email: EmailAddress?) -> String? {
        guard lengths.contains(password.count), password.utf8.count <= 1024 else {
            return "must have \(lengths.lowerBound) to \(lengths.upperBound) characters"
        }
        guard !password.unicodeScalars.contains("\u{0}") else { return "must not contain U+0000" }
        let folded = password.lowercased()
        if let email, folded.contains(email.text) || email.text.hasPrefix(folded) {
            return "must not contain the e-mail address"
        }
        if Set(folded).count < 4 { return "must have at least 4 different characters" }
        if commonBeginnings.contains(where: { folded.hasPrefix($0) && password.count - $0.count < 4 }) {
            return "is among those that are tried first"
        }
        return nil
    }

    /// The longest of the most used passwords; with fewer than four characters more they are still guessed at once.
    private static let commonBeginnings = [
        "1234567890", "0123456789", "qwertyuiop", "password123", "passwordpassword", "administrator",
        "iloveyou1234", "letmein12345", "changeme1234", "welcome12345", "claviger", "abcdefghij",
    ]
}
