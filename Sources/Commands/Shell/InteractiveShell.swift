import ClavigerServer
import Dispatch

/// The shell on a terminal: a prompt, and errors that don't end it.
struct InteractiveShell {
    private static let prompt = "claviger> "

    private let console: Console
    private let completion: ShellCompletion
    private let editsLines: Bool
    private var history: ShellHistory
    private var isHistoryKept = true

    init(_ console: Console) throws(CommandFailure) {
        editsLines = LineTerminal.isUsable(console)
        // A question's answer is read like a line, so that Ctrl-C gives it up, but is never kept.
        self.console = editsLines ? console.asking(Self.answer) : console
        completion = ShellCompletion(try CommandTree())
        history = ShellHistory(environment: console.environment)
    }

    mutating func run() async throws {
        console.note("Commands without the word claviger; help lists them, Tab completes, exit leaves.")
        while true {
            switch await nextLine() {
            case .end: return
            case .abandoned: continue
            case .line(let line):
                keep(line)
                guard await perform(line) else { return }
            }
        }
    }

    /// Runs a line; false if it asks to leave.
    private func perform(_ line: String) async -> Bool {
        switch ShellLine(line) {
        case .nothing: break
        case .leave: return false
        case .refused(let sentence): console.note("error: " + Cell(sentence).text)
        case .run(let words):
            guard let status = await InterruptibleRun.run(words, console: console) else {
                console.note("Interrupted.")
                return true
            }
            if status != .done { console.note("Status \(status.rawValue): \(status.meaning).") }
        }
        return true
    }

    /// Reads on a thread of its own, for reading waits for the person.
    private func nextLine() async -> LineTerminal.Ending {
        guard editsLines else { return console.ask(Self.prompt).map { .line($0) } ?? .end }
        let (lines, completion) = (history.lines, completion)
        return await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                let ending = LineTerminal.read(prompt: Self.prompt, history: lines, completion: completion)
                continuation.resume(returning: ending)
            }
        }
    }

    @Sendable
    private static func answer(_ prompt: String) -> String? {
        guard case .line(let line) = LineTerminal.read(prompt: prompt) else { return nil }
        return line
    }

    /// Keeps a line; a history that can't be written is told once and goes on in memory.
    private mutating func keep(_ line: String) {
        do {
            try history.add(line)
        } catch {
            if isHistoryKept { console.note("The history is not kept: \(error.message)") }
            isHistoryKept = false
        }
    }
}
