import Foundation
import Glibc
import Testing

@Suite("The page on many nodes")
struct OperationsPageTests {
    @Test("DST-1: docs/operations.md typed as written gives two nodes, a rotated agent, and no harm by a killed node")
    func asWritten() async throws {
        try await Workbench.run { bench in
            let reader = try await Reader(bench)
            let blocks = try Self.blocks()
            #expect(blocks.count >= 10)
            for block in blocks { try await reader.type(block) }
            #expect(reader.rotations == 3)
            #expect(reader.lists.count == 2)
            for list in reader.lists {
                #expect(list.contains("connected") && !list.contains("disconnected"), "\(list)")
            }
            let password = try #require(bench.contents(reader.home + "/claviger/database-password"))
            #expect(!bench.everythingWritten.contains(password.trimmingCharacters(in: .whitespacesAndNewlines)))
        }
    }

    /// The shell blocks between the page's two marks.
    private static func blocks() throws -> [String] {
        let text = try String(contentsOfFile: Workbench.root + "/docs/operations.md", encoding: .utf8)
        guard let begin = text.range(of: "<!-- two nodes"), let end = text.range(of: "<!-- end of two nodes") else {
            throw Failure("docs/operations.md has no marked part")
        }
        var blocks: [String] = []
        var lines: [Substring]?
        for line in text[begin.upperBound..<end.lowerBound].split(separator: "\n", omittingEmptySubsequences: false) {
            if line == "```sh" {
                lines = []
            } else if line == "```", let block = lines {
                blocks.append(block.joined(separator: "\n"))
                lines = nil
            } else {
                lines?.append(line)
            }
        }
        return blocks
    }
}

/// Somebody who follows the page, with a home of their own, other ports, and the tests' PostgreSQL.
private final class Reader {
    let home: String
    private(set) var rotations = 0
    private(set) var lists: [String] = []
    private let bench: Workbench
    private let environment: [String: String]
    private let replacements: [(written: String, typed: String)]

    init(_ bench: Workbench) async throws {
        self.bench = bench
        home = bench.folder + "/home"
        let programs = bench.folder + "/programs"
        for folder in [home, programs] {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        }
        guard let url = ProcessInfo.processInfo.environment["CLAVIGER_TEST_POSTGRES"].flatMap(URL.init(string:)),
            let host = url.host, let port = url.port
        else { throw Failure("this test needs a PostgreSQL: run it below Scripts/with-postgres") }
        // The one who is asked for help with the database is the cluster's own superuser here.
        let helper = programs + "/sudo"
        try "#!/bin/sh\nshift 2\nexec \"$@\"\n".write(toFile: helper, atomically: false, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: helper)
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        environment = [
            "HOME": home, "XDG_CONFIG_HOME": "", "XDG_STATE_HOME": "", "CLAVIGER_AGENT_METADATA": "off",
            "PATH": "\(programs):\(Workbench.programs):\(path)",
        ]
        let name = "page_" + String(UInt32.random(in: 0 ... .max), radix: 36)
        replacements = [
            ("CREATE ROLE claviger ", "CREATE ROLE \(name) "), ("--owner=claviger ", "--owner=\(name) "),
            ("template0 claviger", "template0 \(name)"),
            ("claviger@127.0.0.1:5432/claviger", "\(name)@\(host):\(port)/\(name)"),
            ("8800", "\(try freePort())"), ("8801", "\(try freePort())"), ("8802", "\(try freePort())"),
        ]
        let home = home
        bench.onCleanUp {
            for program in ["a", "b", "nginx", "agent"] {
                let file = FileManager.default.contents(atPath: "\(home)/claviger/\(program).pid") ?? Data()
                guard let pid = pid_t(String(decoding: file, as: UTF8.self).filter(\.isNumber)) else { continue }
                kill(pid, SIGKILL)
            }
        }
    }

    /// Types a block and waits until the shell is through with it; what it starts goes on.
    func type(_ block: String) async throws {
        let typed = replacements.reduce(block) { $0.replacingOccurrences(of: $1.written, with: $1.typed) }
        let shell = try await bench.finish(
            "bash",
            ["-ec", typed],
            environment: environment,
            input: block.contains("claviger setup") ? "owner@example.org\nA Reader\n\(Operator.password)\n" : "",
            within: .seconds(90)
        )
        guard shell.ending == .code(0) else {
            let logs = ["a", "b", "nginx", "agent"].map { name in
                "── \(name).log\n\((bench.contents("\(home)/claviger/\(name).log") ?? "").suffix(2000))"
            }
            let report = logs.joined(separator: "\n")
            throw Failure("this ended with \(shell.ending):\n\(typed)\n\(shell.output)\(shell.errors)\n\(report)")
        }
        rotations += shell.output.matches(of: /agent notified +yes/).count
        if block.contains("claviger agent list\n") { lists.append(shell.output) }
    }
}
