import Glibc
import Testing

/// A program that a test starts and ends, by its process id; what it prints goes to a file.
struct Program: Sendable {
    let pid: pid_t
    let output: String

    init(_ arguments: [String], output: String) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_APPEND, 0o644)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        // The thread that starts it may block signals, which the program would inherit.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var nothing = sigset_t()
        sigemptyset(&nothing)
        posix_spawnattr_setsigmask(&attributes, &nothing)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        var pointers = arguments.map { strdup($0) } + [nil]
        defer { for pointer in pointers { free(pointer) } }
        var pid: pid_t = 0
        let code = posix_spawnp(&pid, arguments[0], &actions, &attributes, &pointers, environ)
        try #require(code == 0, "\(arguments[0]) can't be started: \(String(cString: strerror(code)))")
        self.pid = pid
        self.output = output
    }

    /// Ends the program and waits until it has ended.
    func stop() async {
        kill(pid, SIGTERM)
        _ = await wait()
    }

    /// Waits until the program has ended by itself, for ten seconds; answers its exit code.
    func wait() async -> Int32 {
        var status: Int32 = 0
        for round in 0... {
            guard waitpid(pid, &status, WNOHANG) == 0 else { break }
            if round == 500 { kill(pid, SIGKILL) }
            try? await Task.sleep(for: .milliseconds(20))
        }
        return (status >> 8) & 0xFF
    }
}

/// A socket on 127.0.0.1 that takes connections and never says anything.
struct SilentServer: ~Copyable {
    private let descriptor: Int32
    let port: UInt16

    init() throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let found = descriptor
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(found, address, length) == 0 && listen(found, 16) == 0 && getsockname(found, address, &length) == 0
            }
        }
        try #require(isBound)
        port = UInt16(bigEndian: address.sin_port)
    }

    deinit { close(descriptor) }
}
