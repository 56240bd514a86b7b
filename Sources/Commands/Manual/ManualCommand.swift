import ArgumentParser
import ClavigerServer
import FoundationEssentials

/// The command `claviger manual`.
struct ManualCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "manual",
        abstract: "Print a command's manual page, or write them all.",
        discussion: """
            A page is in man(7) form: `claviger manual agent create | man -l -` shows it. With --directory every page \
            is written into a directory, such as /usr/local/share/man/man1.
            """
    )

    @Argument(help: "The command, such as agent create; without one the page of claviger itself.")
    var command: [String] = []

    @Option(help: "Write all pages into this directory, which is made if it is missing.")
    var directory: String?

    mutating func validate() throws {
        guard directory == nil || command.isEmpty else {
            throw ValidationError("--directory writes every page; leave the command out.")
        }
    }

    mutating func run(_ console: Console) async throws {
        let tree = try CommandTree()
        if let directory { return try Self.write(tree, to: directory, console) }
        guard let page = Self.page(command, of: tree) else {
            throw CommandFailure(.usage, "there is no command claviger \(command.joined(separator: " ")).")
        }
        console.output(String(page.text.dropLast()))
    }

    private static func page(_ path: [String], of tree: CommandTree) -> ManualPage? {
        tree.command(path).map { ManualPage(path: path, command: $0, version: ClavigerServer.version) }
    }

    private static func write(_ tree: CommandTree, to directory: String, _ console: Console) throws(CommandFailure) {
        let pages = tree.paths.compactMap { page($0, of: tree) }
        do {
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            for page in pages {
                let file = URL(filePath: directory, directoryHint: .isDirectory).appending(path: page.fileName)
                try Data(page.text.utf8).write(to: file)
            }
        } catch {
            throw CommandFailure(.failed, "the pages can't be written to \(directory): \(error)")
        }
        console.note("\(pages.count) pages are in \(directory).")
    }
}
