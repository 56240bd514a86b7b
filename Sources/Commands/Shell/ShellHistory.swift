package import ClavigerServer

/// The lines typed so far: in a file that only the person can read, without those that may hold a secret.
package struct ShellHistory: Sendable {
    /// How many lines are kept.
    private static let limit = 500
    /// What ``PrivateFile`` reads of a file at most, with room to spare.
    private static let byteLimit = 60_000

    package private(set) var lines: [String] = []
    package let directory: String?

    package var path: String? { directory.map { $0 + "/history" } }

    /// The history's place for an environment: below `XDG_STATE_HOME`, or `~/.local/state`; none without both.
    package init(environment: [String: String]) {
        if let base = environment["XDG_STATE_HOME"], base.hasPrefix("/") {
            directory = base + "/claviger"
        } else if let home = environment["HOME"], home.hasPrefix("/") {
            directory = home + "/.local/state/claviger"
        } else {
            directory = nil
        }
        lines = readLines()
    }

    /// Adds a line and writes the file; what another shell added meanwhile stays.
    package mutating func add(_ line: String) throws(HostError) {
        guard !line.allSatisfy(\.isWhitespace), lines.last != line, !ShellSecrets.mayBe(in: line) else { return }
        let others = readLines()
        lines = Self.trimmed((others.isEmpty ? lines : others) + [line])
        guard let directory, let path else { return }
        _ = try DataDirectory(making: directory)
        try PrivateFile.write(lines.joined(separator: "\n") + "\n", to: path)
    }

    private func readLines() -> [String] {
        guard let path, let text = try? PrivateFile.read(path) else { return [] }
        // The file may be older than a rule about secrets.
        return text.split(separator: "\n").map(String.init).filter { !ShellSecrets.mayBe(in: $0) }
    }

    private static func trimmed(_ lines: [String]) -> [String] {
        var kept: [String] = []
        var bytes = 0
        for line in lines.suffix(limit).reversed() {
            bytes += line.utf8.count + 1
            guard bytes <= byteLimit else { break }
            kept.append(line)
        }
        return kept.reversed()
    }
}
