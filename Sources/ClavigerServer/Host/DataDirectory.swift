import Glibc

/// The directory that holds everything a server keeps: one server at a time, and nobody else's eyes.
package struct DataDirectory: Sendable {
    package let path: String

    /// Makes the directory with mode 0700 if it is missing, its parents included.
    package init(making path: String) throws(HostError) {
        self.path = path
        try Self.make(path)
        try check()
    }

    /// Takes a directory that must be there already, as host commands do.
    package init(existing path: String) throws(HostError) {
        self.path = path
        try check()
    }

    /// The file with the actual URL of the running server.
    package var runtimeFile: String { path + "/server.json" }

    /// The first owner's setup link, while there is no owner.
    package var setupLinkFile: String { path + "/setup-link" }

    /// The name this node goes by in the database, kept from start to start.
    package var nodeFile: String { path + "/node" }

    package var lockFile: String { path + "/server.lock" }

    package var masterKeyFile: String { path + "/master.key" }

    private static func make(_ path: String) throws(HostError) {
        var made = path.hasPrefix("/") ? "" : "."
        for part in path.split(separator: "/") {
            made += "/" + part
            if mkdir(made, 0o700) != 0, errno != EEXIST {
                throw .last(.directory, "data directory \(path): \(made) can't be made")
            }
        }
    }

    private func check() throws(HostError) {
        var status = stat()
        guard stat(path, &status) == 0 else { throw .last(.directory, "data directory \(path): can't be used") }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            throw HostError(.directory, "data directory \(path): is not a directory.")
        }
        guard status.st_uid == geteuid() || geteuid() == 0 else {
            throw HostError(.directory, "data directory \(path): belongs to another user of this machine.")
        }
        if status.st_mode & 0o077 != 0 { try closeToOthers() }
        guard access(path, R_OK | W_OK | X_OK) == 0 else {
            throw .last(.directory, "data directory \(path): can't be written")
        }
    }

    /// Takes the others' rights off a directory that is the server's own or still empty, and refuses any other: it
    /// may be one that somebody else relies on.
    private func closeToOthers() throws(HostError) {
        guard isEmpty || access(lockFile, F_OK) == 0 else {
            throw HostError(
                .directory,
                "data directory \(path): others can enter it, and it would hold secrets; `chmod 700 \(path)` closes it."
            )
        }
        guard chmod(path, 0o700) == 0 else {
            throw .last(.directory, "data directory \(path): can't be closed to others")
        }
    }

    private var isEmpty: Bool {
        guard let directory = opendir(path) else { return false }
        defer { closedir(directory) }
        var names = 0
        while readdir(directory) != nil, names < 3 { names += 1 }
        // A directory lists itself and its parent.
        return names == 2
    }
}
