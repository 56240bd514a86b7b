/// Text folded for searching, so that both engines only ever compare what Swift has folded.
enum FoldedText {
    /// The texts in lower case, a line each.
    static func fold(_ texts: [String]) -> String { texts.map { $0.lowercased() }.joined(separator: "\n") }

    /// The pattern for `LIKE … ESCAPE '!'` that finds the text anywhere, its wildcards taken literally.
    static func pattern(containing text: String) -> String {
        var pattern = "%"
        for character in text.lowercased() {
            if character == "%" || character == "_" || character == "!" { pattern.append("!") }
            pattern.append(character)
        }
        return pattern + "%"
    }
}
