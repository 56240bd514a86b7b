import FaultPoints

#if canImport(Musl)
import Musl
#else
import Glibc
#endif

/// The agent's directory on disk: 0700, one file 0600, one lock, every write durable before it counts.
///
/// The file is replaced as a whole: a temporary file is written and synced, renamed over the old one, and the directory
/// synced. Whatever fails, a full disk included, leaves the old file as it was. Calls block; they run on a thread of
/// their own.
package final class StateDirectory: Sendable {
    static let fileName = "state.json"
    static let temporaryName = "state.json.new"
    static let lockName = "lock"
    private static let largestFile = 65_536

    package let path: String
    private let directory: Int32
    private let lock: Int32

    /// Opens the directory and takes its lock, making what is missing.
    package init(opening path: String) throws(AgentError) {
        try Self.make(path)
        self.path = path
        directory = try Self.openDirectory(path)
        do {
            lock = try Self.takeLock(in: directory, path: path)
        } catch {
            close(directory)
            throw error
        }
        // What an interrupted write left over was never promised to anybody.
        unlinkat(directory, Self.temporaryName, 0)
    }

    deinit {
        close(lock)
        close(directory)
    }

    /// The stored state; nil if there is none.
    package func read() throws(AgentError) -> AgentState? {
        try Self.read(in: directory, path: path)
    }

    /// The stored state without taking the lock, and whether a daemon holds it: for `status`.
    package static func look(at path: String) throws(AgentError) -> (state: AgentState?, isLocked: Bool) {
        guard access(path, F_OK) == 0 else { return (nil, false) }
        let directory = try openDirectory(path)
        defer { close(directory) }
        let state = try read(in: directory, path: path)
        let lock = openat(directory, lockName, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard lock >= 0 else { return (state, false) }
        defer { close(lock) }
        return (state, flock(lock, LOCK_SH | LOCK_NB) != 0)
    }

    /// Replaces the stored state; returns when it is durable.
    package func write(_ state: AgentState) throws(AgentError) {
        let bytes = state.encoded()
        unlinkat(directory, Self.temporaryName, 0)
        do {
            try writeTemporary(bytes)
        } catch {
            unlinkat(directory, Self.temporaryName, 0)
            throw error
        }
        FaultPoints.reach("agent.state.before-rename")
        guard renameat(directory, Self.temporaryName, directory, Self.fileName) == 0 else {
            let fault = fault(.stateNotWritten, "can't be replaced")
            unlinkat(directory, Self.temporaryName, 0)
            throw fault
        }
        guard fsync(directory) == 0 else { throw fault(.stateNotWritten, "can't be made durable") }
        FaultPoints.reach("agent.state.after-rename")
    }

    /// Removes the stored state.
    package func remove() throws(AgentError) {
        guard unlinkat(directory, Self.fileName, 0) == 0 || errno == ENOENT, fsync(directory) == 0 else {
            throw fault(.stateNotWritten, "can't be removed")
        }
    }

    private func writeTemporary(_ bytes: [UInt8]) throws(AgentError) {
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW
        let file = openat(directory, Self.temporaryName, flags, 0o600)
        guard file >= 0 else { throw fault(.stateNotWritten, "can't be written") }
        defer { close(file) }
        guard fchmod(file, 0o600) == 0 else { throw fault(.stateNotWritten, "can't be made private") }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { systemWrite(file, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw fault(.stateNotWritten, "can't be written") }
            rest = rest.dropFirst(count)
        }
        guard fsync(file) == 0 else { throw fault(.stateNotWritten, "can't be made durable") }
    }

    // MARK: Opening

    private static func make(_ path: String) throws(AgentError) {
        var partial = path.hasPrefix("/") ? "" : "."
        for part in path.split(separator: "/") {
            partial += "/" + part
            guard mkdir(partial, 0o700) != 0, errno != EEXIST else { continue }
            // A parent that can't be written to may still exist.
            guard access(partial, F_OK) != 0 else { continue }
            throw fault(.stateRefused, path, "can't be made")
        }
    }

    private static func openDirectory(_ path: String) throws(AgentError) -> Int32 {
        let directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard directory >= 0 else { throw fault(.stateRefused, path, "can't be opened") }
        do {
            try check(directory, path, kind: S_IFDIR, mode: "0700")
        } catch {
            close(directory)
            throw error
        }
        return directory
    }

    private static func takeLock(in directory: Int32, path: String) throws(AgentError) -> Int32 {
        let lock = openat(directory, lockName, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard lock >= 0 else { throw fault(.stateRefused, path, "can't be locked") }
        guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
            close(lock)
            throw AgentError(.stateLocked, "Another claviger-agent uses \(path).")
        }
        return lock
    }

    private static func read(in directory: Int32, path: String) throws(AgentError) -> AgentState? {
        let name = path + "/" + fileName
        let file = openat(directory, fileName, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard file >= 0 else {
            if errno == ENOENT { return nil }
            throw fault(.stateRefused, name, "can't be opened")
        }
        defer { close(file) }
        try check(file, name, kind: S_IFREG, mode: "0600")
        var bytes = [UInt8](repeating: 0, count: largestFile + 1)
        var filled = 0
        while filled < bytes.count {
            let count = bytes.withUnsafeMutableBytes {
                systemRead(file, $0.baseAddress.map { $0 + filled }, $0.count - filled)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw fault(.stateRefused, name, "can't be read") }
            if count == 0 { break }
            filled += count
        }
        guard filled <= largestFile else { throw AgentError(.stateRefused, "\(name) is too large to be a state file.") }
        return try AgentState(decoding: Array(bytes[..<filled]))
    }

    private static func check(_ file: Int32, _ path: String, kind: mode_t, mode: String) throws(AgentError) {
        var facts = stat()
        guard fstat(file, &facts) == 0 else { throw fault(.stateRefused, path, "can't be examined") }
        guard facts.st_mode & S_IFMT == kind else {
            throw AgentError(.stateRefused, "\(path) is not a \(kind == S_IFDIR ? "directory" : "regular file").")
        }
        guard facts.st_uid == geteuid() else {
            throw AgentError(
                .stateRefused,
                "\(path) belongs to user \(facts.st_uid), but claviger-agent runs as user \(geteuid())."
            )
        }
        guard facts.st_mode & 0o077 == 0 else {
            throw AgentError(
                .stateRefused,
                "\(path) is open to other users; make it private with `chmod \(mode) \(path)`."
            )
        }
    }

    private func fault(_ code: AgentError.Code, _ what: String) -> AgentError {
        Self.fault(code, path + "/" + Self.fileName, what)
    }

    private static func fault(_ code: AgentError.Code, _ path: String, _ what: String) -> AgentError {
        AgentError(code, "\(path) \(what): \(String(cString: strerror(errno))).")
    }
}
