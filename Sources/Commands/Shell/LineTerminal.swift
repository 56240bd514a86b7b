import Dispatch
import Glibc

/// The terminal while a line is typed: keys one by one, and the mode it had before back afterwards.
///
/// Only while a line is typed is the mode another one: a command that runs, and crashes, finds and leaves the person's.
struct LineTerminal: Sendable {
    enum Ending: Sendable {
        case line(String)
        /// Ctrl-C.
        case abandoned
        /// Ctrl-D, or the terminal is gone.
        case end
    }

    /// Whether keys can be read one by one.
    static func isUsable(_ console: Console) -> Bool {
        var mode = termios()
        return console.isInputTerminal && console.isNoteTerminal && console.environment["TERM"] != "dumb"
            && tcgetattr(STDIN_FILENO, &mode) == 0
    }

    /// Reads one line; blocks its thread.
    static func read(prompt: String, history: [String] = [], completion: ShellCompletion? = nil) -> Ending {
        var before = termios()
        guard tcgetattr(STDIN_FILENO, &before) == 0 else { return .end }
        var keys = before
        keys.c_lflag &= ~tcflag_t(ICANON | ECHO | ISIG | IEXTEN)
        keys.c_iflag &= ~tcflag_t(ICRNL | INLCR | IXON)
        guard tcsetattr(STDIN_FILENO, TCSADRAIN, &keys) == 0 else { return .end }
        let restored = before
        let endings = [SIGTERM, SIGHUP].map { Self.restore(restored, on: $0) }
        defer {
            tcsetattr(STDIN_FILENO, TCSADRAIN, &before)
            for ending in endings { ending.cancel() }
            signal(SIGTERM, SIG_DFL)
            signal(SIGHUP, SIG_DFL)
        }
        return edit(prompt: prompt, history: history, completion: completion)
    }

    /// Ends the program by this signal, but with the terminal as it was.
    private static func restore(_ mode: termios, on number: Int32) -> any DispatchSourceSignal {
        signal(number, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
        source.setEventHandler {
            var mode = mode
            tcsetattr(STDIN_FILENO, TCSANOW, &mode)
            _exit(128 + number)
        }
        source.resume()
        return source
    }

    private static func edit(prompt: String, history: [String], completion: ShellCompletion?) -> Ending {
        var editor = LineEditorStateMachine(history: history)
        draw(prompt, editor)
        while let byte = nextByte() {
            switch editor.feed(byte) {
            case .none: continue
            case .redraw: break
            case .complete: completion.map { complete(&editor, $0) }
            case .clearScreen: write("\u{1B}[H\u{1B}[2J")
            case .accept(let line):
                write("\n")
                return .line(line)
            case .abandon:
                write("^C\n")
                return .abandoned
            case .end:
                write("\n")
                return .end
            }
            draw(prompt, editor)
        }
        return .end
    }

    /// Inserts what is certain; shows what is possible if nothing is.
    private static func complete(_ editor: inout LineEditorStateMachine, _ completion: ShellCompletion) {
        let offer = completion.offer(editor.beforeCursor)
        editor.insert(offer.insertion)
        if offer.insertion.isEmpty, !offer.candidates.isEmpty {
            write("\n" + offer.candidates.joined(separator: "  ") + "\n")
        }
    }

    private static func draw(_ prompt: String, _ editor: LineEditorStateMachine) {
        var size = winsize()
        let known = ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
        write(LineView.drawing(prompt: prompt, editor, columns: known ? Int(size.ws_col) : 80))
    }

    /// One byte at a time: what is typed ahead stays for the command's own questions.
    private static func nextByte() -> UInt8? {
        var byte: UInt8 = 0
        while true {
            let count = Glibc.read(STDIN_FILENO, &byte, 1)
            if count == 1 { return byte }
            if count < 0, errno == EINTR { continue }
            return nil
        }
    }

    private static func write(_ text: String) {
        Terminal.write(text, to: STDERR_FILENO)
    }
}
