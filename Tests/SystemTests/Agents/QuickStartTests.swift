import Foundation
import Glibc
import Testing

@Suite("The README's quick start")
struct QuickStartTests {
    @Test("CLI-1, ORG-2, AGT-2: typed as written, it takes a newcomer to a rotated and a revoked token")
    func asWritten() async throws {
        try await Workbench.run { bench in
            let commands = try Self.commands()
            #expect(commands.first == "make run")
            #expect(commands.filter { $0.hasPrefix("claviger ") }.count >= 6)
            let newcomer = try await Newcomer(bench)
            for command in commands.dropFirst() { try await newcomer.type(command) }
            #expect(newcomer.typed == commands.count - 1)
        }
    }

    /// The lines of the shell blocks of the quick start.
    static func commands() throws -> [String] {
        let text = try String(contentsOfFile: Workbench.root + "/README.md", encoding: .utf8)
        guard let begin = text.range(of: "<!-- quick start"), let end = text.range(of: "<!-- end of quick start") else {
            throw Failure("README.md has no marked quick start")
        }
        var commands: [String] = []
        var isInBlock = false
        for line in text[begin.upperBound..<end.lowerBound].split(separator: "\n") {
            if line.hasPrefix("```") { isInBlock = line == "```sh" } else if isInBlock { commands.append(String(line)) }
        }
        return commands
    }
}

/// A newcomer at a shell, with a home directory of their own and a server started as `make run` starts it.
private final class Newcomer {
    private let bench: Workbench
    private let environment: [String: String]
    private(set) var typed = 0

    init(_ bench: Workbench) async throws {
        self.bench = bench
        let home = bench.folder + "/home"
        let programs = bench.folder + "/dist"
        for folder in [home, programs] {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        }
        try Self.fill(programs)
        let path = programs + ":" + (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin")
        environment = [
            "HOME": home, "XDG_CONFIG_HOME": "", "XDG_STATE_HOME": "", "PATH": path, "CLAVIGER_AGENT_METADATA": "off",
            "CLAVIGER_INSTALL_PREFIX": home + "/prefix",
        ]
        let server = try bench.start(
            programs + "/claviger",
            ["serve", "--listen", "127.0.0.1:0"],
            environment: environment,
            name: "serve"
        )
        try await eventually("the server is ready", within: .seconds(30)) {
            if let ended = server.ended { throw Failure("the server ended: \(ended) \(server.errors)") }
            return FileManager.default.fileExists(atPath: home + "/.local/share/claviger/server.json")
        }
    }

    /// Lays the programs out as `make run` does in `dist`; the server finds the daemon there without being told.
    private static func fill(_ folder: String) throws {
        let files = FileManager.default
        for (program, name) in [
            (Workbench.claviger, "claviger"), (Workbench.agent, "claviger-agent-" + machineArchitecture),
        ] {
            // A link that is a file of its own: the server's directory is the one it was started from.
            let place = folder + "/" + name
            do {
                try files.linkItem(atPath: program, toPath: place)
            } catch {
                try files.copyItem(atPath: program, toPath: place)
            }
        }
    }

    /// Types one command; answers questions as a person would, and runs the line that `agent create` prints.
    func type(_ command: String) async throws {
        typed += 1
        if command.hasPrefix("export PATH=") { return }
        let answers = command == "claviger setup" ? "owner@example.org\nA Newcomer\n\(Operator.password)\n" : ""
        let result = try await run(command, input: answers)
        if command.hasPrefix("claviger agent create") { try await install(with: result.output) }
    }

    /// Pastes the install line, then starts the agent with the command that the script ends with.
    private func install(with line: String) async throws {
        let script = try await run(line, input: "")
        guard let start = script.errors.firstMatch(of: /start it with: (.+)/) else {
            throw Failure("the script does not say how to start the agent: \(script.errors)")
        }
        _ = try bench.start("sh", ["-c", "exec env " + start.1], environment: environment, name: "agent")
        try await eventually("the list shows the agent as connected") {
            let list = try await run("claviger agent list", input: "").output
            return list.contains("connected") && !list.contains("disconnected")
        }
    }

    private func run(_ command: String, input: String) async throws -> (output: String, errors: String) {
        let shell = try await bench.finish(
            "sh",
            ["-c", command],
            environment: environment,
            input: input,
            within: .seconds(60)
        )
        guard shell.ending == .code(0) else {
            throw Failure("`\(command.prefix(40))` ended with \(shell.ending)\n\(shell.output)\(shell.errors)")
        }
        return (shell.output, shell.errors)
    }
}

/// The architecture as `uname -m` names it.
var machineArchitecture: String {
    #if arch(arm64)
    "aarch64"
    #else
    "x86_64"
    #endif
}
