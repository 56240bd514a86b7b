import Glibc

/// The directory that holds everything a server keeps: one server at a time, and nobody else's eyes.
package struct DataDirectory: Sendable {
    package let path: String

    /// Makes the directory with mode 0700 if it is missing, its parents included, and refuses one that others can enter.
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

    /// The first owner's setup link, if there was no terminal to print it to.
    package var setupLinkFile: String { path + "/setup-link" }

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
        guard status.st_mode & 0o077 == 0 else {
            throw HostError(
                .directory,
                "data directory \(path): others can enter it, and it holds secrets; `chmod 700 \(path)` closes it."
            )
        }
        guard access(path, R_OK | W_OK | X_OK) == 0 else {
            throw .last(.directory, "data directory \(path): can't be written")
        }
    }
}
