/// Where a command's words come from and go to: an input, so that tests hold both ends.
///
/// Standard output carries results and secrets and nothing else; every other word goes to standard error (CLI-1).
package struct Console: Sendable {
    /// Writes a line of the result.
    package let output: @Sendable (String) -> Void

    /// Writes a line for the person: progress, questions, warnings, errors.
    package let note: @Sendable (String) -> Void

    /// Asks for one line; nil at the end of input.
    package let ask: @Sendable (_ prompt: String) -> String?

    /// Asks for one line without showing it, from the terminal if there is one; nil at the end of input.
    package let askSecret: @Sendable (_ prompt: String) -> String?

    package let environment: [String: String]
    package let isInputTerminal: Bool
    package let isOutputTerminal: Bool
    package let isNoteTerminal: Bool

    package init(
        output: @escaping @Sendable (String) -> Void,
        note: @escaping @Sendable (String) -> Void,
        ask: @escaping @Sendable (String) -> String?,
        askSecret: @escaping @Sendable (String) -> String?,
        environment: [String: String],
        isInputTerminal: Bool = false,
        isOutputTerminal: Bool = false,
        isNoteTerminal: Bool = false
    ) {
        self.output = output
        self.note = note
        self.ask = ask
        self.askSecret = askSecret
        self.environment = environment
        self.isInputTerminal = isInputTerminal
        self.isOutputTerminal = isOutputTerminal
        self.isNoteTerminal = isNoteTerminal
    }

    /// Whether results may carry colour: on a terminal only, and never with `NO_COLOR` set (CLI-4).
    package var isColoured: Bool {
        isOutputTerminal && (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
    }
}
