import Foundation
import Glibc
import Synchronization

/// How a program ended.
enum Ending: Equatable, Sendable {
    case code(Int32)
    case signal(Int32)
}

/// A started program with its output in files.
///
/// Standard output and standard error go to files rather than pipes, so that nothing blocks and what a killed program
/// wrote can still be read.
final class Program: Sendable {
    let pid: pid_t
    let name: String
    private let folder: String
    private let ending = Mutex<Ending?>(nil)

    /// Starts a program.
    ///
    /// `input` becomes its standard input; without it standard input is empty.
    init(
        _ path: String,
        _ arguments: [String] = [],
        environment: [String: String] = [:],
        input: String = "",
        name: String,
        folder: String
    ) throws {
        self.name = name
        self.folder = folder + "/" + name + "-" + String(UInt32.random(in: 0 ... .max), radix: 36)
        try FileManager.default.createDirectory(atPath: self.folder, withIntermediateDirectories: true)
        try input.write(toFile: self.folder + "/stdin", atomically: false, encoding: .utf8)

        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, self.folder + "/stdin", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, self.folder + "/stdout", O_WRONLY | O_CREAT | O_APPEND, 0o600)
        posix_spawn_file_actions_addopen(&actions, 2, self.folder + "/stderr", O_WRONLY | O_CREAT | O_APPEND, 0o600)
        // The sockets of this process are not the program's: a copy it held would keep a closed connection open.
        try closeFrom(&actions, 3)

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))

        let settings = Program.environment(adding: environment).map { "\($0.key)=\($0.value)" }
        let argv = ([path] + arguments).map { strdup($0) } + [nil]
        let envp = settings.map { strdup($0) } + [nil]
        defer { for pointer in argv + envp { free(pointer) } }
        var pid: pid_t = 0
        let result = posix_spawnp(&pid, path, &actions, &attributes, argv, envp)
        guard result == 0 else { throw Failure("\(path) can't be started: \(String(cString: strerror(result)))") }
        self.pid = pid
    }

    /// The environment of this process without anything that configures Claviger, and with what the test adds.
    private static func environment(adding settings: [String: String]) -> [String: String] {
        var environment = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("CLAVIGER_") }
        environment["NO_COLOR"] = "1"
        environment["SWIFT_BACKTRACE"] = "enable=no"
        return environment.merging(settings) { $1 }
    }

    var output: String { text("stdout") }
    var errors: String { text("stderr") }

    private func text(_ stream: String) -> String {
        String(decoding: FileManager.default.contents(atPath: folder + "/" + stream) ?? Data(), as: UTF8.self)
    }

    /// How the program ended, or nil while it runs.
    var ended: Ending? {
        ending.withLock { ending in
            if let known = ending { return known }
            var status: Int32 = 0
            guard waitpid(pid, &status, WNOHANG) == pid else { return nil }
            let signal = status & 0x7f
            ending = signal == 0 ? .code((status >> 8) & 0xff) : .signal(signal)
            return ending
        }
    }

    func send(_ signal: Int32) {
        guard ended == nil else { return }
        _ = Glibc.kill(pid, signal)
    }

    /// Waits for the end, and fails when it does not come in time.
    @discardableResult
    func end(within limit: Duration = .seconds(20)) async throws -> Ending {
        let deadline = ContinuousClock.now + limit
        while ContinuousClock.now < deadline {
            if let ended { return ended }
            try await Task.sleep(for: .milliseconds(5))
        }
        throw Failure("\(name) still runs after \(limit)\n\(errors.suffix(4000))")
    }

    /// Ends the program at once and waits until it is gone.
    func kill() async {
        send(SIGKILL)
        _ = try? await end(within: .seconds(10))
    }
}

/// Closes every descriptor from the given one on in the program to be started (glibc 2.34 and later).
///
/// Looked up by name, because Swift's view of the C library leaves the function out.
private func closeFrom(_ actions: inout posix_spawn_file_actions_t, _ first: Int32) throws {
    typealias Function = @convention(c) (UnsafeMutablePointer<posix_spawn_file_actions_t>, Int32) -> Int32
    guard let symbol = dlsym(dlopen(nil, RTLD_NOW), "posix_spawn_file_actions_addclosefrom_np"),
        unsafeBitCast(symbol, to: Function.self)(&actions, first) == 0
    else { throw Failure("descriptors can't be closed in started programs") }
}

/// A test's own failure, with a sentence.
struct Failure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// Waits until a condition holds; throws with its name when it does not in time.
func eventually(
    _ what: String,
    within limit: Duration = .seconds(15),
    _ condition: () async throws -> Bool
) async throws {
    let deadline = ContinuousClock.now + limit
    while ContinuousClock.now < deadline {
        if try await condition() { return }
        try await Task.sleep(for: .milliseconds(20))
    }
    throw Failure("not within \(limit): \(what)")
}
