/// Splits a line into words as sh does: blanks divide, quotes and backslashes hold together, `#` begins a comment.
///
/// Nothing is replaced: there are no variables, no patterns and no other programs.
package enum ShellWords {
    package struct Unfinished: Error, Equatable {
        /// A sentence for standard error.
        package let message: String
    }

    package static func split(_ line: String) throws(Unfinished) -> [String] {
        var words: [String] = []
        var word: String?
        var rest = line[...]
        while let character = rest.popFirst() {
            switch character {
            case " ", "\t", "\r", "\n", "\r\n":
                if let whole = word { words.append(whole) }
                word = nil
            case "#" where word == nil:
                return words
            case "'":
                word = (word ?? "") + (try single(&rest))
            case "\"":
                word = (word ?? "") + (try double(&rest))
            case "\\":
                guard let next = rest.popFirst() else {
                    throw Unfinished(message: "the line ends in a backslash; there are no lines to go on with.")
                }
                word = (word ?? "") + String(next)
            default:
                word = (word ?? "") + String(character)
            }
        }
        return words + (word.map { [$0] } ?? [])
    }

    private static func single(_ rest: inout Substring) throws(Unfinished) -> String {
        guard let end = rest.firstIndex(of: "'") else {
            throw Unfinished(message: "the line has a ' that is not closed.")
        }
        defer { rest = rest[rest.index(after: end)...] }
        return String(rest[..<end])
    }

    /// A backslash counts before a quote and before itself, as in sh.
    private static func double(_ rest: inout Substring) throws(Unfinished) -> String {
        var text = ""
        while let character = rest.popFirst() {
            switch character {
            case "\"": return text
            case "\\" where rest.first == "\"" || rest.first == "\\": text.append(rest.removeFirst())
            default: text.append(character)
            }
        }
        throw Unfinished(message: "the line has a \" that is not closed.")
    }
}
