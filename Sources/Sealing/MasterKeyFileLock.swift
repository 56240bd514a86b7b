#if canImport(Musl)
internal import Musl
#else
internal import Glibc
#endif

/// Keeps a second change of the master key out while one runs.
///
/// It is an `flock` on a file beside the key: the kernel releases it when the process ends, however it ends.
package struct MasterKeyFileLock: ~Copyable, Sendable {
    private let descriptor: Int32

    /// Takes the lock, or throws `masterKeyInUse` at once.
    package init(_ file: MasterKeyFile) throws(SealingError) {
        let descriptor = try Self.open(file.path + ".lock")
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw SealingError(
                .masterKeyInUse,
                "Another change of the master key \(file.path) runs; try again when it is over."
            )
        }
        self.descriptor = descriptor
    }

    /// Names the place up to which the lock is needed.
    package borrowing func hold() {}

    deinit {
        close(descriptor)
    }

    /// Opens the file of the lock; only one that is made here is given to the key's owner.
    private static func open(_ path: String) throws(SealingError) -> Int32 {
        let flags = O_RDWR | O_CLOEXEC | O_NOFOLLOW
        let owner = FileOwner.wanted(forFileAt: path)
        var descriptor = openFile(path, flags | O_CREAT | O_EXCL)
        if descriptor < 0, errno == EEXIST {
            descriptor = openFile(path, flags)
        } else if descriptor >= 0, let owner, !owner.take(descriptor) {
            unlink(path)
            close(descriptor)
            descriptor = -1
        }
        guard descriptor >= 0 else {
            throw SealingError(.unreadableMasterKey, "The lock file \(path) can't be opened by this user.")
        }
        return descriptor
    }
}

/// The C library's `open`, which a method of the same name hides.
private func openFile(_ path: String, _ flags: Int32) -> Int32 {
    open(path, flags, 0o600)
}
