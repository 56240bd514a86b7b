#if canImport(Musl)
internal import Musl
#else
internal import Glibc
#endif

/// Whose a file has to be, so that the server can still read what a command of root's wrote for it.
package struct FileOwner: Sendable {
    private let user: uid_t
    private let group: gid_t

    /// The owner of the file or directory at a path; nil if there is none.
    private init?(of path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        user = status.st_uid
        group = status.st_gid
    }

    /// The owner of a file that is written at `path`: that of the file which is there already.
    ///
    /// A new one that root makes belongs to its directory's owner, and any other to whoever makes it.
    package static func wanted(forFileAt path: String) -> FileOwner? {
        FileOwner(of: path) ?? (geteuid() == 0 ? FileOwner(of: directory(of: path)) : nil)
    }

    /// Gives an open file that this process made to the owner; answers whether it is theirs now.
    package func take(_ descriptor: Int32) -> Bool {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return false }
        return status.st_uid == user || fchown(descriptor, user, group) == 0
    }

    static func directory(of path: String) -> String {
        guard let end = path.lastIndex(of: "/") else { return "." }
        return end == path.startIndex ? "/" : String(path[..<end])
    }
}
