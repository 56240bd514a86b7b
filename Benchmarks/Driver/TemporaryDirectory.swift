import Glibc
import SQLDatabase

/// A directory that only this run uses.
struct TemporaryDirectory {
    let path: String

    init(in parent: String) throws {
        path = "\(parent)/claviger-benchmark-\(getpid())"
        guard mkdir(path, 0o700) == 0 else {
            throw DatabaseError(.inputOutput, "\(path) can't be made: \(String(cString: strerror(errno))).")
        }
    }

    func remove() {
        for suffix in ["", "-wal", "-shm", "-reserve"] { unlink(path + "/benchmark.db" + suffix) }
        rmdir(path)
    }
}
