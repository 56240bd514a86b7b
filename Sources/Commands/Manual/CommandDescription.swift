/// A command as ArgumentParser itself describes it: what the manual and the shell's completion are made from.
package struct CommandDescription: Decodable, Sendable {
    package let commandName: String
    package let abstract: String?
    package let discussion: String?
    package let shouldDisplay: Bool?
    private let subcommands: [CommandDescription]?
    private let arguments: [ArgumentDescription]?

    /// The verbs that the help shows.
    package var children: [CommandDescription] { (subcommands ?? []).filter { $0.shouldDisplay ?? true } }

    /// The arguments that the help shows.
    package var shownArguments: [ArgumentDescription] { (arguments ?? []).filter { $0.shouldDisplay ?? true } }

    package func child(_ name: String) -> CommandDescription? { children.first { $0.commandName == name } }

    package func hasOption(_ name: String) -> Bool {
        shownArguments.contains { $0.spellings.contains("--" + name) }
    }
}

/// One argument, option or flag of a command.
package struct ArgumentDescription: Decodable, Sendable {
    package enum Kind: String, Decodable, Sendable {
        case positional
        case option
        case flag
    }

    struct Name: Decodable, Sendable {
        let kind: String
        let name: String
    }

    package let kind: Kind
    package let shouldDisplay: Bool?
    package let isOptional: Bool
    package let isRepeating: Bool
    package let valueName: String?
    package let defaultValue: String?
    package let allValues: [String]?
    package let abstract: String?
    package let discussion: String?
    private let names: [Name]?

    /// As it is typed: `-o` and `--output`; nothing for a positional argument.
    package var spellings: [String] { (names ?? []).map { ($0.kind == "long" ? "--" : "-") + $0.name } }
}
