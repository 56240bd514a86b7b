/// Turns the longer texts of the help into paragraphs and lists of man(7).
package enum ManualText {
    /// The lines of a page for a text of the help.
    ///
    /// A line at the margin begins a paragraph or goes on with it, a slightly indented one is an entry's name (its
    /// text behind a tab, or in deeper lines), a deeper one is text; an empty line ends a paragraph. With `within` the
    /// text belongs to an entry of a list and does not leave it.
    package static func blocks(_ text: String, within: Bool = false) -> [String] {
        var lines: [String] = []
        var isOpen = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let content = line.drop { $0 == " " || $0 == "\t" }
            let indentation = line.count - content.count
            guard !content.isEmpty else {
                isOpen = false
                continue
            }
            switch indentation {
            case 0:
                if !isOpen { lines.append(within ? ".IP" : ".PP") }
                lines.append(Roff.line(String(content)))
            case 1...3:
                let parts = content.split(separator: "\t", maxSplits: 1).map(String.init)
                lines += [".TP", Roff.bold(parts[0])] + parts.dropFirst().map(Roff.line)
            default:
                lines.append(Roff.line(String(content)))
            }
            isOpen = indentation == 0
        }
        return lines
    }
}
