import ArgumentParser

/// The help of every command, one after the other: what `Tests/Golden/cli-help.txt` holds.
package enum HelpText {
    package static var all: String {
        var text = ""
        append(Claviger.self, path: ["claviger"], to: &text)
        return text
    }

    private static func append(_ command: any ParsableCommand.Type, path: [String], to text: inout String) {
        text += "$ \(path.joined(separator: " ")) --help\n"
        text += Claviger.helpMessage(for: command, columns: 100) + "\n\n"
        for child in command.configuration.subcommands {
            append(child, path: path + [child.configuration.commandName ?? ""], to: &text)
        }
    }
}
