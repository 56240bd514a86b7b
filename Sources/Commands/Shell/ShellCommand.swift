import ArgumentParser

/// The command `claviger shell`.
struct ShellCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "shell",
        abstract: "Run commands one after the other, with history, completion and help.",
        discussion: """
            Every line is a command without the word claviger: `agent list`, `help agent create`. Words are quoted as \
            in sh; empty lines and # comments count for nothing. On a terminal Tab completes, the arrows recall \
            earlier lines, Ctrl-C gives up the line or the running command, and exit, quit or Ctrl-D leaves. \
            Otherwise the lines of standard input are run until one fails, whose exit code is the shell's.
            """
    )

    @Flag(help: "Not on a terminal: go on after a failure; the exit code is the first failure's.")
    var keepGoing = false

    mutating func run(_ console: Console) async throws {
        if console.isInputTerminal {
            var shell = try InteractiveShell(console)
            try await shell.run()
        } else {
            try await ScriptShell(console: console, keepsGoing: keepGoing).run()
        }
    }
}

/// The end of a command whose reason was told already: the program ends with its status and says no more.
struct ToldFailure: Error {
    let status: ExitStatus
}
