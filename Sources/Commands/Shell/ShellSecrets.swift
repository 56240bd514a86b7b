/// Whether a line may hold a secret, and so must not be kept.
///
/// No command takes one as an argument (CLI-3); this is for what was pasted by mistake. Rather a line too few is kept.
package enum ShellSecrets {
    package static func mayBe(in line: String) -> Bool {
        let lower = line.lowercased()
        let marks = ["clv_", "-----begin", "age-secret-key", "bearer "]
        return marks.contains { lower.contains($0) } || hasPasswordInURL(lower) || hasSecretOption(lower)
            || hasKey(line)
    }

    /// `postgres://user:word@host`.
    private static func hasPasswordInURL(_ line: String) -> Bool {
        line.split(whereSeparator: \.isWhitespace).contains { word in
            guard let start = word.firstRange(of: "://")?.upperBound, let end = word.lastIndex(of: "@") else {
                return false
            }
            return start < end && word[start..<end].contains(":")
        }
    }

    /// `--password word`, `password=word`: no option has such a name, except for files.
    private static func hasSecretOption(_ line: String) -> Bool {
        let names = ["password", "passphrase", "token", "secret", "install-token", "master-key", "pgpassword"]
        return line.split(whereSeparator: \.isWhitespace).contains { word in
            let name = word.drop { $0 == "-" }.prefix { $0 != "=" }
            return names.contains(String(name)) && (word.hasPrefix("-") || word.contains("="))
        }
    }

    /// A run of letters and digits as long as a key; ids are shorter.
    private static func hasKey(_ line: String) -> Bool {
        line.split { !($0.isASCII && ($0.isLetter || $0.isNumber || "+=_".contains($0))) }
            .contains { run in run.count >= 32 && run.contains(where: \.isNumber) && run.contains(where: \.isLetter) }
    }
}
