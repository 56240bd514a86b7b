import Dispatch
import Glibc
import Synchronization

/// Runs a command so that Ctrl-C ends it and not the shell.
final class InterruptibleRun: Sendable {
    private let isInterrupted = Mutex(false)

    /// The command's status; nil if it was interrupted.
    ///
    /// What an interrupted command says of its own end is not shown.
    static func run(_ arguments: [String], console: Console) async -> ExitStatus? {
        await InterruptibleRun().run(arguments, console)
    }

    private func run(_ arguments: [String], _ console: Console) async -> ExitStatus? {
        let (interrupts, continuation) = AsyncStream.makeStream(of: Void.self)
        signal(SIGINT, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: SIGINT, queue: .global())
        source.setEventHandler { continuation.yield() }
        source.resume()
        defer {
            source.cancel()
            continuation.finish()
        }
        let muted = console.noting { line in
            if !self.isInterrupted.withLock({ $0 }) { console.note(line) }
        }
        return await withTaskGroup(of: ExitStatus?.self) { group in
            group.addTask { await ClavigerProgram.run(arguments, console: muted) }
            group.addTask {
                for await _ in interrupts {
                    self.isInterrupted.withLock { $0 = true }
                    return nil
                }
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            await group.waitForAll()
            return first
        }
    }
}

extension Console {
    /// The same console with another place for notes.
    func noting(_ note: @escaping @Sendable (String) -> Void) -> Console {
        replacing(note: note, ask: ask)
    }

    /// The same console with another way to ask.
    func asking(_ ask: @escaping @Sendable (String) -> String?) -> Console {
        replacing(note: note, ask: ask)
    }

    private func replacing(
        note: @escaping @Sendable (String) -> Void,
        ask: @escaping @Sendable (String) -> String?
    ) -> Console {
        Console(
            output: output,
            note: note,
            ask: ask,
            askSecret: askSecret,
            environment: environment,
            isInputTerminal: isInputTerminal,
            isOutputTerminal: isOutputTerminal,
            isNoteTerminal: isNoteTerminal
        )
    }
}
