import ClavigerServer

/// Where a secret may come from: a file, standard input, or a prompt without echo; never an argument (CLI-3).
enum SecretInput {
    /// Reads one secret; the path, if given, wins over the prompt, and `-` is standard input.
    static func read(_ console: Console, prompt: String, file: String?) throws(CommandFailure) -> String {
        let line: String?
        if let file, file != "-" {
            do {
                line = try PrivateFile.read(file)
            } catch {
                throw CommandFailure(.invalidInput, error.message)
            }
            guard line != nil else { throw CommandFailure(.invalidInput, "there is no file \(file).") }
        } else {
            line = console.askSecret(prompt)
        }
        let secret = line.map { String($0.prefix { $0 != "\n" && $0 != "\r" && $0 != "\r\n" }) } ?? ""
        guard !secret.isEmpty else { throw CommandFailure(.invalidInput, "nothing was entered.") }
        return secret
    }

    /// Reads a new secret, twice if a person types it.
    static func readNew(_ console: Console, prompt: String, file: String?) throws(CommandFailure) -> String {
        let first = try read(console, prompt: prompt, file: file)
        guard file == nil, console.isInputTerminal else { return first }
        guard console.askSecret("The same again: ") == first else {
            throw CommandFailure(.invalidInput, "the two entries differ.")
        }
        return first
    }
}
