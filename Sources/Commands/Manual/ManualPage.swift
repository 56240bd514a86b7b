/// The page of one command in man(7) form.
package struct ManualPage: Sendable {
    let path: [String]
    let command: CommandDescription
    private let version: String

    /// The page of the command with these words, the program's left out; none for the program itself.
    package init(path: [String], command: CommandDescription, version: String) {
        self.path = path
        self.command = command
        self.version = version
    }

    /// `claviger-agent-create`.
    package static func name(_ path: [String]) -> String { (["claviger"] + path).joined(separator: "-") }

    /// `claviger-agent-create.1`.
    package var fileName: String { Self.name(path) + ".1" }

    package var text: String {
        let title = Roff.argument(Self.name(path).uppercased())
        var lines = [".TH \(title) 1 \"\" \(Roff.argument("claviger " + version)) \"Claviger Manual\""]
        lines += [".SH NAME", Roff.line(Self.name(path)) + " \\- " + Roff.line(name)]
        lines += [".SH SYNOPSIS"] + synopsis
        lines += [".SH DESCRIPTION"] + description
        lines += commands + options + environment + exitStatus + files + seeAlso
        return lines.joined(separator: "\n") + "\n"
    }

    /// The sentence without its full stop, as whatis(1) wants it.
    private var name: String {
        let text = command.abstract ?? "part of claviger"
        return text.hasSuffix(".") ? String(text.dropLast()) : text
    }

    private var synopsis: [String] {
        let words = Roff.bold((["claviger"] + path).joined(separator: " "))
        guard command.children.isEmpty else { return [words + " " + Roff.italic("command") + " ..."] }
        return [([words] + command.shownArguments.map(Self.usage)).joined(separator: "\n")]
    }

    private static func usage(_ argument: ArgumentDescription) -> String {
        let value = Roff.italic(argument.valueName ?? "value")
        let spelling = Roff.bold(argument.spellings.last ?? "")
        let usage =
            switch argument.kind {
            case .positional: value
            case .option: spelling + " " + value
            case .flag: spelling
            }
        return (argument.isOptional ? "[" + usage + "]" : usage) + (argument.isRepeating ? " ..." : "")
    }

    private var description: [String] {
        let abstract = [Roff.line(command.abstract ?? "")].filter { !$0.isEmpty }
        // The exit statuses have a section of their own.
        let discussion = command.discussion?.replacing(ExitStatus.help, with: "") ?? ""
        return abstract + ManualText.blocks(discussion)
    }

    private var commands: [String] {
        guard !command.children.isEmpty else { return [] }
        return [".SH COMMANDS"]
            + command.children.flatMap { child in
                [
                    ".TP", Roff.bold((path + [child.commandName]).joined(separator: " ")),
                    Roff.line(child.abstract ?? "See its page."),
                ]
            }
    }

    private var options: [String] {
        let arguments = command.shownArguments
        guard !arguments.isEmpty else { return [] }
        return [".SH OPTIONS"] + arguments.flatMap(Self.option)
    }

    private static func option(_ argument: ArgumentDescription) -> [String] {
        let value = Roff.italic(argument.valueName ?? "value")
        let spellings = argument.spellings.map(Roff.bold).joined(separator: ", ")
        let tag =
            switch argument.kind {
            case .positional: value
            case .option: spellings + " " + value
            case .flag: spellings
            }
        var text = [argument.abstract ?? ""]
        if let values = argument.allValues, !values.isEmpty, argument.kind != .flag {
            text.append("One of \(values.joined(separator: ", ")).")
        }
        if let byDefault = argument.defaultValue { text.append("By default \(byDefault).") }
        let body = text.map(Roff.line).filter { !$0.isEmpty }
        return [".TP", tag] + (body.isEmpty ? ["\\&"] : body)
            + ManualText.blocks(argument.discussion ?? "", within: true)
    }
}
