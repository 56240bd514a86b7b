import Foundation
import Glibc

/// The programs of the newest PostgreSQL of this machine, run as somebody whom they don't refuse.
enum PostgresPrograms {
    static let folder: String? = {
        let root = "/usr/lib/postgresql"
        let versions = ((try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []).compactMap { Int($0) }
        return versions.filter { $0 >= 15 }.max().map { "\(root)/\($0)/bin" }
    }()

    /// The words that run a program of PostgreSQL, or any by its path, as the cluster's owner: root is refused, and everybody else is the owner.
    ///
    /// `setpriv` becomes the program, so that a signal to it reaches the program.
    static func asOwner(_ name: String, _ arguments: [String]) throws -> (path: String, arguments: [String]) {
        guard let folder else { throw Failure("no PostgreSQL 15 or later under /usr/lib/postgresql") }
        let path = name.hasPrefix("/") ? name : folder + "/" + name
        guard geteuid() == 0 else { return (path, arguments) }
        let owner = ["--reuid", "postgres", "--regid", "postgres", "--init-groups", "--"]
        return ("setpriv", owner + [path] + arguments)
    }

    /// A folder below `with-postgres`' own, which that removes in the end; its owner is whom ``asOwner(_:_:)`` runs as.
    static func makeFolder(_ name: String) throws -> String {
        guard let shared = ProcessInfo.processInfo.environment["PGHOST"], shared.hasPrefix("/") else {
            throw Failure("no shared cluster: run this under Scripts/with-postgres")
        }
        let path = shared + "/" + name
        let owner = geteuid() == 0 ? getpwnam("postgres").map { Int($0.pointee.pw_uid) } : nil
        var attributes: [FileAttributeKey: Any] = [.posixPermissions: 0o700]
        if let owner { attributes[.ownerAccountID] = owner }
        let files = FileManager.default
        try files.createDirectory(atPath: path, withIntermediateDirectories: false, attributes: attributes)
        return path
    }
}
