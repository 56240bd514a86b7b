import Glibc

/// The system calls behind the console.
enum Terminal {
    /// Writes all bytes; a reader that went away ends the writing, not the program.
    static func write(_ text: String, to descriptor: Int32) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno == EINTR { continue }
                return
            }
            bytes = bytes.dropFirst(count)
        }
    }

    /// Reads a line from the terminal with echo off, and turns echo on again whatever happens.
    static func readWithoutEcho(prompt: String) -> String? {
        write(prompt, to: STDERR_FILENO)
        var shown = termios()
        guard tcgetattr(STDIN_FILENO, &shown) == 0 else { return nil }
        var hidden = shown
        hidden.c_lflag &= ~tcflag_t(ECHO)
        // Signals wait until the echo is back, so that an interrupt leaves a usable terminal behind.
        var blocked = sigset_t()
        var before = sigset_t()
        sigemptyset(&blocked)
        sigaddset(&blocked, SIGTSTP)
        pthread_sigmask(SIG_BLOCK, &blocked, &before)
        hidden.c_lflag &= ~tcflag_t(ISIG)
        guard tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden) == 0 else { return nil }
        defer {
            tcsetattr(STDIN_FILENO, TCSANOW, &shown)
            pthread_sigmask(SIG_SETMASK, &before, nil)
            write("\n", to: STDERR_FILENO)
        }
        let line = readLine(strippingNewline: true)
        // With signals off, Control-C arrives as a character.
        guard let line, !line.unicodeScalars.contains("\u{3}") else { return nil }
        return line
    }
}
