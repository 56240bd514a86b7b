import Glibc

/// The lock that keeps a second server off the same data directory.
///
/// It is an `flock` on a file: the kernel releases it when the process ends, however it ends.
package struct DataDirectoryLock: ~Copyable, Sendable {
    private let descriptor: Int32

    package init(_ directory: DataDirectory) throws(HostError) {
        let path = directory.lockFile
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw .last(.file, "lock file \(path): can't be opened") }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let isTaken = errno == EWOULDBLOCK
            close(descriptor)
            guard isTaken else { throw HostError(.file, "lock file \(path): can't be locked.") }
            throw HostError(
                .locked,
                "data directory \(directory.path): another server is running on it; stop that one first."
            )
        }
    }

    /// Names the place up to which the lock is needed.
    package borrowing func hold() {}

    deinit {
        close(descriptor)
    }
}
