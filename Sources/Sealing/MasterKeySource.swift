package import Domain

/// Where the master key comes from (OPS-2).
package enum MasterKeySource: Sendable {
    /// A file that only its owner can read.
    case file(path: String)
    /// The value of an environment variable; `name` is for messages.
    case environment(name: String, value: String)
    /// What a command prints, the command-line tool of a key service for example; run by `/bin/sh` with a time limit and
    /// without the variables it has no need of.
    case command(String, timeLimit: Duration, hiding: Set<String> = [])

    /// Reads the keys; every failure is a sentence that names the source.
    ///
    /// This blocks, at most for the time limit of the command: it belongs to the start and to host commands.
    package func load() throws(SealingError) -> MasterKeys {
        switch self {
        case .file(let path):
            try MasterKeyFile(path: path).read()
        case .environment(let name, let value):
            try MasterKeys(parsing: value, source: "The environment variable \(name)")
        case .command(let command, let timeLimit, let hidden):
            try MasterKeys(
                parsing: MasterKeyCommand(command: command, timeLimit: timeLimit, hidden: hidden).run(),
                source: "The output of the master key command"
            )
        }
    }

    /// Whether this is a file that is not there.
    package var isMissing: Bool {
        guard case .file(let path) = self else { return false }
        return !MasterKeyFile(path: path).exists
    }

    /// Reads the keys, or makes a new one if this is a file that doesn't exist.
    ///
    /// To be called only for a database that nothing was sealed in yet: a new key opens nothing old.
    package func loadOrMake(random: RandomSource) throws(SealingError) -> MasterKeys {
        guard case .file(let path) = self else { return try load() }
        let file = MasterKeyFile(path: path)
        if !file.exists {
            try file.create(MasterKeys(current: .make(random: random)))
        }
        return try file.read()
    }
}
