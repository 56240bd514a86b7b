import Commands
import Synchronization

/// A console whose ends are in the test's hands.
final class RecordingConsole: Sendable {
    private struct Written {
        var output: [String] = []
        var notes: [String] = []
        var answers: [String] = []
    }

    private let written = Mutex(Written())
    private let environment: [String: String]
    private let isTerminal: Bool

    init(answers: [String] = [], environment: [String: String] = [:], isTerminal: Bool = false) {
        self.environment = environment
        self.isTerminal = isTerminal
        written.withLock { $0.answers = answers }
    }

    var output: String { written.withLock { $0.output.joined(separator: "\n") } }
    var notes: String { written.withLock { $0.notes.joined(separator: "\n") } }

    var console: Console {
        Console(
            output: { line in self.written.withLock { $0.output.append(line) } },
            note: { line in self.written.withLock { $0.notes.append(line) } },
            ask: { _ in self.nextAnswer() },
            askSecret: { _ in self.nextAnswer() },
            environment: environment,
            isInputTerminal: isTerminal,
            isOutputTerminal: isTerminal,
            isNoteTerminal: isTerminal
        )
    }

    func run(_ arguments: String...) async -> ExitStatus {
        await ClavigerProgram.run(arguments, console: console)
    }

    func run(_ arguments: [String]) async -> ExitStatus {
        await ClavigerProgram.run(arguments, console: console)
    }

    private func nextAnswer() -> String? {
        written.withLock { $0.answers.isEmpty ? nil : $0.answers.removeFirst() }
    }
}
