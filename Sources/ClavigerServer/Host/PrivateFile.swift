import Glibc
import Sealing

/// Files that only the server's own user may read: mode 0600 from the first byte, replaced whole or not at all.
///
/// What root writes belongs to the owner of the file before it, or else of the directory.
package enum PrivateFile {
    /// Writes a file durably: temporary file, fsync, rename, fsync of the directory.
    package static func write(_ text: String, to path: String) throws(HostError) {
        let owner = FileOwner.wanted(forFileAt: path)
        let temporary = path + ".new"
        unlink(temporary)
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw .last(.file, "file \(path): can't be written") }
        if let owner, !owner.take(descriptor) {
            close(descriptor)
            unlink(temporary)
            throw HostError(.file, "file \(path): belongs to another user, who could not read a new one.")
        }
        guard writeAll(text, to: descriptor), fsync(descriptor) == 0 else {
            close(descriptor)
            throw .last(.file, "file \(path): can't be written")
        }
        close(descriptor)
        guard rename(temporary, path) == 0 else { throw .last(.file, "file \(path): can't be put in place") }
        syncDirectory(of: path)
    }

    /// Makes an empty file unless there is one; of several that make it at once, one does.
    package static func makeIfMissing(_ path: String) throws(HostError) {
        let owner = FileOwner.wanted(forFileAt: path)
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            if errno == EEXIST { return }
            throw .last(.file, "file \(path): can't be made")
        }
        defer { close(descriptor) }
        if let owner, !owner.take(descriptor) {
            unlink(path)
            throw HostError(.file, "file \(path): can't be given to the owner of its directory.")
        }
    }

    /// The first 64 KiB of a file; nil if there is none.
    package static func read(_ path: String) throws(HostError) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw .last(.file, "file \(path): can't be read")
        }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let count = bytes.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
        guard count >= 0 else { throw .last(.file, "file \(path): can't be read") }
        guard let text = String(validating: bytes.prefix(count), as: UTF8.self) else {
            throw HostError(.file, "file \(path): is not UTF-8 text.")
        }
        return text
    }

    /// The text of a secret's file, which must be there and nobody else's to read; `setting` names it in messages.
    package static func readSecret(_ path: String, of setting: String) throws(HostError) -> String {
        var status = stat()
        guard stat(path, &status) == 0 else { throw .last(.file, "\(setting) \(path): can't be read") }
        guard status.st_mode & S_IFMT == S_IFREG else { throw HostError(.file, "\(setting) \(path): is not a file.") }
        guard status.st_mode & 0o077 == 0 else {
            throw HostError(
                .file,
                "\(setting) \(path): others than its owner have access to it; `chmod 600 \(path)` takes it from them."
            )
        }
        guard let text = try read(path) else { throw HostError(.file, "\(setting) \(path): is not there.") }
        return text
    }

    /// Removes a file that may be gone already.
    package static func remove(_ path: String) {
        unlink(path)
    }

    private static func writeAll(_ text: String, to descriptor: Int32) -> Bool {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            bytes = bytes.dropFirst(count)
        }
        return true
    }

    private static func syncDirectory(of path: String) {
        let end = path.lastIndex(of: "/") ?? path.startIndex
        let directory = open(String(path[..<end]), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard directory >= 0 else { return }
        fsync(directory)
        close(directory)
    }
}
