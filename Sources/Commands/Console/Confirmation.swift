import ArgumentParser

/// The word before something that can't be undone.
struct Confirmation: ParsableArguments {
    @Flag(help: "Go ahead without asking.")
    var confirm = false

    init() {}

    /// Goes on if the flag is given or the person at the terminal types `yes`; nothing was touched before.
    func obtain(_ console: Console, for consequence: String) throws(CommandFailure) {
        guard !confirm else { return }
        guard console.isInputTerminal else {
            throw CommandFailure(.usage, "\(consequence) Nothing was done: give --confirm if that is what you want.")
        }
        console.note(consequence)
        guard console.ask("Type yes to go on: ") == "yes" else {
            throw CommandFailure(.usage, "Nothing was done.")
        }
    }
}
