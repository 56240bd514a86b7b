/// What a line of the shell asks for.
package enum ShellLine: Equatable, Sendable {
    case nothing
    case leave
    case run([String])
    /// The line is not run; a sentence says why.
    case refused(String)

    package init(_ line: String) {
        var words: [String]
        do {
            words = try ShellWords.split(line)
        } catch {
            self = .refused(error.message)
            return
        }
        // Whoever pastes a whole command line means the same.
        if words.first == "claviger" { words.removeFirst() }
        switch words.first {
        case nil: self = .nothing
        case "exit", "quit":
            self = words.count == 1 ? .leave : .refused("exit and quit take no arguments.")
        case "serve":
            self = .refused("the server is not run inside the shell; leave it, or use another terminal.")
        case "shell":
            self = .refused("this is the shell already.")
        default: self = .run(words)
        }
    }
}
