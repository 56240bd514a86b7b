import FoundationEssentials
import Glibc

extension Console {
    /// The console of this process.
    package static func system() -> Console {
        Console(
            output: { Terminal.write($0 + "\n", to: STDOUT_FILENO) },
            note: { Terminal.write($0 + "\n", to: STDERR_FILENO) },
            ask: { prompt in
                if isatty(STDIN_FILENO) == 1 { Terminal.write(prompt, to: STDERR_FILENO) }
                return readLine(strippingNewline: true)
            },
            askSecret: { prompt in
                guard isatty(STDIN_FILENO) == 1 else { return readLine(strippingNewline: true) }
                return Terminal.readWithoutEcho(prompt: prompt)
            },
            environment: ProcessInfo.processInfo.environment,
            isInputTerminal: isatty(STDIN_FILENO) == 1,
            isOutputTerminal: isatty(STDOUT_FILENO) == 1,
            isNoteTerminal: isatty(STDERR_FILENO) == 1
        )
    }
}
