/// The shell without a terminal: lines of standard input, until one fails.
struct ScriptShell {
    let console: Console
    let keepsGoing: Bool

    func run() async throws {
        var failure: ExitStatus?
        var number = 0
        reading: while failure == nil || keepsGoing, let line = console.ask("") {
            number += 1
            let status: ExitStatus
            switch ShellLine(line) {
            case .nothing: continue
            case .leave: break reading
            case .run(let words): status = await ClavigerProgram.run(words, console: console)
            case .refused(let sentence):
                console.note("error: " + Cell(sentence).text)
                status = .usage
            }
            guard status != .done else { continue }
            console.note("line \(number) ended with status \(status.rawValue): \(status.meaning)")
            failure = failure ?? status
        }
        if let failure { throw ToldFailure(status: failure) }
    }
}
