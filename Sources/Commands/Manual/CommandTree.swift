import ArgumentParser
import StrictJSON

/// All commands, read from ArgumentParser's own description of them, so that nothing made from it can drift.
package struct CommandTree: Sendable {
    private struct Tool: Decodable {
        let command: CommandDescription
    }

    package let root: CommandDescription

    package init() throws(CommandFailure) {
        do {
            let limits = JSONLimits(maximumBytes: 1 << 24)
            root = try StrictJSONDecoder(unknownFields: .ignore, limits: limits)
                .decode(Tool.self, from: Claviger._dumpHelp()).command
        } catch {
            throw CommandFailure(.failed, "the commands can't be described: \(error)")
        }
    }

    /// The command of a path such as `agent`, `create`; nil if there is none.
    package func command(_ path: [String]) -> CommandDescription? {
        path.reduce(root) { (command: CommandDescription?, name) in command?.child(name) }
    }

    /// Every command's path, the root's (empty) first.
    package var paths: [[String]] { Self.paths(of: root, at: []) }

    private static func paths(of command: CommandDescription, at path: [String]) -> [[String]] {
        [path] + command.children.flatMap { paths(of: $0, at: path + [$0.commandName]) }
    }
}
