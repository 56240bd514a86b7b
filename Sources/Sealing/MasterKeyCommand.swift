#if canImport(Musl)
internal import Musl
#else
internal import Glibc
#endif

/// Runs the command that prints the master key, in a process group of its own, and ends it at its time limit.
struct MasterKeyCommand {
    let command: String
    let timeLimit: Duration
    /// Variables of this process that the command does not get.
    var hidden: Set<String> = []

    private static let maximumBytes = 4096

    func run() throws(SealingError) -> String {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw failed("could not be started") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        defer { close(ends[0]) }
        let started = spawn(output: ends[1])
        close(ends[1])
        guard let process = started else { throw failed("could not be started") }
        let deadline = ContinuousClock.now + timeLimit
        guard let output = readAll(from: ends[0], until: deadline), let status = wait(for: process, until: deadline)
        else {
            kill(-process, SIGKILL)
            waitpid(process, nil, 0)
            throw SealingError(
                .masterKeyTimeLimit,
                "The master key command took longer than \(timeLimit), or printed too much."
            )
        }
        guard status == 0 else { throw failed("failed; what it said on stderr stands above") }
        return String(decoding: output, as: UTF8.self)
    }

    /// Starts `/bin/sh -c` with empty input and this output; stderr stays the server's own.
    private func spawn(output: Int32) -> pid_t? {
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output, 1)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
        let words = ["sh", "-c", command]
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { word in strdup(word) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var variables = environment()
        var process: pid_t = 0
        return posix_spawn(&process, "/bin/sh", &actions, &attributes, &arguments, &variables) == 0 ? process : nil
    }

    /// The variables of this process without the hidden ones, as pointers into the process's own.
    private func environment() -> [UnsafeMutablePointer<CChar>?] {
        var variables: [UnsafeMutablePointer<CChar>?] = []
        var index = 0
        while let variable = environ[index] {
            let name = String(cString: variable).prefix { $0 != "=" }
            if !hidden.contains(String(name)) { variables.append(variable) }
            index += 1
        }
        return variables + [nil]
    }

    /// Everything up to the end of the output, or `nil` at the deadline or behind the longest output.
    private func readAll(from descriptor: Int32, until deadline: ContinuousClock.Instant) -> [UInt8]? {
        var output: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1024)
        while output.count <= Self.maximumBytes {
            var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            let ready = poll(&waiting, 1, Self.milliseconds(until: deadline))
            if ready < 0, errno == EINTR { continue }
            guard ready > 0 else { return nil }
            let count = read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return count == 0 ? output : nil }
            output += chunk[..<count]
        }
        return nil
    }

    /// The exit status, 255 for a process that a signal ended; `nil` at the deadline.
    private func wait(for process: pid_t, until deadline: ContinuousClock.Instant) -> Int32? {
        var status: Int32 = 0
        while true {
            let ended = waitpid(process, &status, WNOHANG)
            if ended == process { return status & 0x7F == 0 ? status >> 8 & 0xFF : 255 }
            guard ended == 0 || errno == EINTR, Self.milliseconds(until: deadline) > 0 else { return nil }
            usleep(2000)
        }
    }

    private static func milliseconds(until deadline: ContinuousClock.Instant) -> Int32 {
        let left = deadline - .now
        guard left > .zero else { return 0 }
        let (seconds, attoseconds) = left.components
        return Int32(clamping: seconds * 1000 + attoseconds / 1_000_000_000_000_000 + 1)
    }

    private func failed(_ what: String) -> SealingError {
        SealingError(.unreadableMasterKey, "The master key command \(what).")
    }
}
