/// What Tab offers: nouns, verbs, options, and the values of options that have few.
package struct ShellCompletion: Sendable {
    /// The word that is being typed and what it can become.
    package struct Offer: Equatable, Sendable {
        package let typed: String
        package let candidates: [String]

        /// What all candidates go on with; a blank closes the only one.
        package var insertion: String {
            guard let first = candidates.first else { return "" }
            let common = candidates.dropFirst().reduce(first) { $0.commonPrefix(with: $1) }
            return String(common.dropFirst(typed.count)) + (candidates.count == 1 ? " " : "")
        }
    }

    private let tree: CommandTree

    package init(_ tree: CommandTree) {
        self.tree = tree
    }

    /// What the line up to the cursor can become.
    package func offer(_ line: String) -> Offer {
        var words = line.split(whereSeparator: \.isWhitespace).map(String.init)
        let typed = line.last?.isWhitespace ?? true ? "" : words.popLast() ?? ""
        if words.first == "claviger" { words.removeFirst() }
        let isHelp = words.first == "help"
        if isHelp { words.removeFirst() }
        let (command, depth) = command(words)
        let all = candidates(command, words, typed: typed, isHelp: isHelp, isComplete: depth == words.count)
        return Offer(typed: typed, candidates: Set(all.filter { $0.hasPrefix(typed) && $0 != typed }).sorted())
    }

    private func candidates(
        _ command: CommandDescription,
        _ words: [String],
        typed: String,
        isHelp: Bool,
        isComplete: Bool
    ) -> [String] {
        if !isHelp, typed.hasPrefix("-") {
            return command.shownArguments.flatMap(\.spellings) + ["--help"]
        }
        if !isHelp, let last = words.last, last.hasPrefix("-"), let values = values(of: last, command) { return values }
        guard isComplete else { return [] }
        let builtIn = words.isEmpty && !isHelp ? ["exit", "quit"] : []
        return command.children.map(\.commandName) + builtIn
    }

    /// The values of an option that takes one; nil if the word is a flag or nothing known.
    private func values(of spelling: String, _ command: CommandDescription) -> [String]? {
        command.shownArguments.first { $0.kind == .option && $0.spellings.contains(spelling) }.map {
            $0.allValues ?? []
        }
    }

    /// The deepest command that the words name, and how many of them name it.
    private func command(_ words: [String]) -> (CommandDescription, Int) {
        var command = tree.root
        var depth = 0
        for word in words {
            guard let child = command.child(word) else { break }
            command = child
            depth += 1
        }
        return (command, depth)
    }
}

extension String {
    fileprivate func commonPrefix(with other: String) -> String {
        String(zip(self, other).prefix { $0 == $1 }.map(\.0))
    }
}
