import Foundation
import Testing

/// The programs that one build of a commit made.
struct Programs: Sendable, Hashable {
    let claviger: String
    let agent: String

    private init(folder: String) {
        (claviger, agent) = (folder + "/claviger", folder + "/claviger-agent")
    }

    /// Those of the commit that is tested.
    static let current = Programs(folder: Workbench.programs)

    /// Those of an earlier commit; none where nobody built it.
    static let previous = previousFolder.map { Programs(folder: $0) }

    private static let previousFolder = ProcessInfo.processInfo.environment["CLAVIGER_PREVIOUS_BINARIES"]

    /// Those of an earlier commit, which have to be there.
    static func earlier() throws -> Programs {
        guard let previous else { throw Failure("no earlier programs: run this by Scripts/soak upgrade") }
        for path in [previous.claviger, previous.agent] where !FileManager.default.isExecutableFile(atPath: path) {
            throw Failure("CLAVIGER_PREVIOUS_BINARIES names a folder without \(path)")
        }
        return previous
    }

    /// The names of all migrations that this `claviger` knows, oldest first, and those that it would apply.
    ///
    /// A database that it refuses is an error with its sentence.
    func migrations(on database: TestDatabase) async throws -> (all: [String], pending: [String]) {
        let status = try await database.bench.finish(
            claviger,
            ["migrate", "status", "-o", "json", "--data-dir", database.bench.folder + "/none"],
            environment: database.environment
        )
        guard status.ending == .code(0) else { throw Failure("\(status.ending): \(status.errors)") }
        let answer = JSON(Data(status.output.utf8))
        let pending = answer["pending"].items.compactMap(\.text)
        return (try answer["applied"].items.map { try $0.string("name") } + pending, pending)
    }
}

extension Trait where Self == ConditionTrait {
    /// For what needs the programs of two commits: it runs in `Scripts/soak upgrade` only, which builds the earlier commit and names its folder by `CLAVIGER_PREVIOUS_BINARIES`.
    ///
    /// The gate builds one commit and therefore skips it.
    static var betweenCommits: Self {
        .enabled(if: Programs.previous != nil, "Scripts/soak upgrade builds the earlier commit that this needs.")
    }
}
