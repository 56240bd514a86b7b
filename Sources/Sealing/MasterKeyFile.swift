#if canImport(Musl)
internal import Musl
#else
internal import Glibc
#endif

/// The file of the master key: mode 0600, written whole or not at all.
///
/// What takes a file's place belongs to the same user, so that the server reads what root changed for it.
package struct MasterKeyFile: Sendable {
    package let path: String
    private static let maximumBytes = 4096

    package init(path: String) {
        self.path = path
    }

    package var exists: Bool {
        access(path, F_OK) == 0
    }

    package func read() throws(SealingError) -> MasterKeys {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            guard errno == ENOENT else { throw unreadable("can't be read") }
            throw SealingError(
                .missingMasterKey,
                "There is no master key at \(path). Put the file back from its backup; without it nothing can be opened."
            )
        }
        defer { close(descriptor) }
        try checkMode(of: descriptor)
        var bytes = [UInt8](repeating: 0, count: Self.maximumBytes + 1)
        var length = 0
        while length < bytes.count {
            let count = bytes.withUnsafeMutableBytes { buffer in
                readBytes(descriptor, buffer.baseAddress.map { $0 + length }, buffer.count - length)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw unreadable("can't be read") }
            if count == 0 { break }
            length += count
        }
        guard length <= Self.maximumBytes else {
            throw SealingError(.malformedMasterKey, "\(path) is longer than \(Self.maximumBytes) bytes.")
        }
        return try MasterKeys(parsing: String(decoding: bytes[..<length], as: UTF8.self), source: "The file \(path)")
    }

    /// Writes a file that doesn't exist yet; one that does is left alone.
    package func create(_ keys: MasterKeys) throws(SealingError) {
        let temporary = try writeTemporary(keys)
        defer { unlink(temporary) }
        guard link(temporary, path) == 0 || errno == EEXIST else { throw unreadable("can't be written") }
        try syncDirectory()
    }

    /// Removes the file if it holds these keys and no others; for one that was made just now and opens nothing.
    package func withdraw(_ keys: MasterKeys) {
        guard let found = try? read(), found.current.id == keys.current.id, found.older.isEmpty else { return }
        unlink(path)
    }

    /// Puts these keys in place of what the file holds.
    package func replace(with keys: MasterKeys) throws(SealingError) {
        let temporary = try writeTemporary(keys)
        guard rename(temporary, path) == 0 else {
            unlink(temporary)
            throw unreadable("can't be replaced")
        }
        try syncDirectory()
    }

    private func checkMode(of descriptor: Int32) throws(SealingError) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw unreadable("can't be read") }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw SealingError(.unreadableMasterKey, "\(path) is not a file.")
        }
        guard status.st_mode & 0o077 == 0 else {
            throw SealingError(
                .exposedMasterKey,
                "Others than its owner have access to the master key \(path): `chmod 600 \(path)`."
            )
        }
    }

    /// Writes a new file beside the real one, durably and for the same owner, and returns its path.
    private func writeTemporary(_ keys: MasterKeys) throws(SealingError) -> String {
        let owner = FileOwner.wanted(forFileAt: path)
        let temporary = "\(path).\(getpid()).tmp"
        unlink(temporary)
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw unreadable("can't be written") }
        defer { close(descriptor) }
        if let owner, !owner.take(descriptor) {
            unlink(temporary)
            throw SealingError(
                .unreadableMasterKey,
                "The master key \(path) belongs to another user, who could not read a new one: run this as that user."
            )
        }
        let bytes = Array(keys.revealed().utf8)
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                unlink(temporary)
                throw unreadable("can't be written")
            }
            written += count
        }
        guard fchmod(descriptor, 0o600) == 0, fsync(descriptor) == 0 else {
            unlink(temporary)
            throw unreadable("can't be written")
        }
        return temporary
    }

    private func syncDirectory() throws(SealingError) {
        let descriptor = open(FileOwner.directory(of: path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw unreadable("can't be made durable") }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw unreadable("can't be made durable") }
    }

    private func unreadable(_ what: String) -> SealingError {
        let reason = strerror(errno).map { String(cString: $0) } ?? "error \(errno)"
        return SealingError(.unreadableMasterKey, "The master key \(path) \(what): \(reason).")
    }
}

/// The C library's `read`, which a method of the same name hides.
private func readBytes(_ descriptor: Int32, _ buffer: UnsafeMutableRawPointer?, _ count: Int) -> Int {
    read(descriptor, buffer, count)
}
