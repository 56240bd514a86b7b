import Commands
import Foundation
import Testing

@Suite("Manual")
struct ManualTests {
    private func page(_ path: [String]) async -> String {
        let console = RecordingConsole()
        #expect(await console.run(["manual"] + path) == .done, "\(path)")
        return console.output
    }

    @Test("CLI-1: every command of the help has a page with all its sections, and every option of its help is in it")
    func complete() async throws {
        let tree = try CommandTree()
        let helped = HelpText.all.split(separator: "\n").filter { $0.hasPrefix("$ claviger") }
            .map { $0.split(separator: " ").dropFirst(2).dropLast().map(String.init) }
        #expect(Set(helped).isSubset(of: Set(tree.paths)) && helped.count > 40)
        for path in helped {
            let text = await page(path)
            for section in ["NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "ENVIRONMENT", "EXIT STATUS"] {
                #expect(text.contains("\n.SH \(section)\n"), "\(path) \(section)")
            }
            #expect(text.contains("\n.SH SEE ALSO\n") || tree.command(path)?.children.isEmpty != false)
            for argument in try #require(tree.command(path)).shownArguments {
                for spelling in argument.spellings {
                    #expect(text.contains(Roff.bold(spelling)), "\(path) \(spelling)")
                }
            }
        }
    }

    @Test("CLI-1: what --help lists as an option stands on the page of the command")
    func options() async throws {
        for block in HelpText.all.split(separator: "$ claviger").dropFirst() {
            let lines = block.split(separator: "\n")
            let path = lines[0].split(separator: " ").dropLast().map(String.init)
            let options = lines.drop { $0 != "OPTIONS:" }.dropFirst().prefix { $0.hasPrefix(" ") }
            let names = options.filter { $0.hasPrefix("  -") }
                .compactMap { $0.split(separator: " ").first { $0.hasPrefix("--") } }
                .map { String($0.prefix { $0 != "," }) }
            let text = await page(path)
            for name in names { #expect(text.contains(Roff.bold(name)), "\(path) \(name)") }
        }
    }

    @Test("CLI-1: the page of the program lists every noun, the environment, the exit statuses and the files")
    func root() async throws {
        let text = await page([])
        for noun in try CommandTree().root.children {
            #expect(text.contains("\n" + Roff.bold(noun.commandName) + "\n"), "\(noun.commandName)")
            #expect(text.contains(Roff.bold("claviger-" + noun.commandName) + "(1)"))
        }
        for name in ["CLAVIGER_SERVER", "CLAVIGER_CA_FILE", "CLAVIGER_CONFIG", "CLAVIGER_MASTER_KEY", "NO_COLOR"] {
            #expect(text.contains("\n\\fB\(name)\\fR\n"))
        }
        for status in ExitStatus.allCases { #expect(text.contains("\n\\fB\(status.rawValue)\\fR\n")) }
        #expect(text.contains("session.json"))
    }

    @Test("CLI-1: all pages are written at once, and a command that is none is refused with 2")
    func directory() async throws {
        let directory = NSTemporaryDirectory() + "claviger-manual-\(UInt64.random(in: 0 ... .max))/man1"
        defer { try? FileManager.default.removeItem(atPath: directory) }
        #expect(await RecordingConsole().run("manual", "--directory", directory) == .done)
        let names = try FileManager.default.contentsOfDirectory(atPath: directory)
        #expect(names.count == (try CommandTree()).paths.count)
        #expect(names.contains("claviger.1") && names.contains("claviger-agent-create.1"))
        let kept = try String(contentsOfFile: directory + "/claviger-agent-create.1", encoding: .utf8)
        #expect(await page(["agent", "create"]) + "\n" == kept)
        #expect(await RecordingConsole().run("manual", "agent", "nonsense") == .usage)
        #expect(await RecordingConsole().run("manual", "agent", "--directory", directory) == .usage)
    }

    @Test(
        "CLI-1: text comes out as it is: never a request, never an escape, never a second line",
        arguments: [
            (".TH x", "\\&.TH x"), ("'br", "\\(aqbr"), ("a\\fBb", "a\\efBb"), ("--x-y", "\\-\\-x\\-y"),
            ("a\n.so /etc/passwd", "a .so /etc/passwd"), ("\n.de x", "\\&.de x"), ("…", "\\[u2026]"),
            ("\u{1F600}", "\\[u1F600]"), ("\u{1B}[31m", "[31m"), ("\"q\" `~^", "\\(dqq\\(dq \\(ga\\(ti\\(ha"), ("", ""),
        ]
    )
    func escaping(_ text: String, _ expected: String) {
        #expect(Roff.line(text) == expected)
    }

    @Test("CLI-1: no text, however odd, makes a line that is a request or leaves an escape of its own")
    func garbage() {
        let pieces = [
            ".", "'", "\\", "\n", "\r\n", "\u{0}", "\t", "-", "\"", " ", "a", "é", "\u{2028}", ".\\\"", "\\n(.g",
        ]
        var state: UInt64 = 7
        for _ in 0..<2_000 {
            var text = ""
            for _ in 0..<12 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                text += pieces[Int(state >> 33) % pieces.count]
            }
            for line in ManualText.blocks(text) where ![".PP", ".TP"].contains(line) {
                #expect(!line.hasPrefix(".") && !line.hasPrefix("'") && line.utf8.allSatisfy { 0x20...0x7E ~= $0 })
                let known = ["\\e", "\\-", "\\(aq", "\\(dq", "\\[u", "\\&", "\\fB", "\\fR"]
                let rest = known.reduce(line) { $0.replacing($1, with: "") }
                #expect(!rest.contains("\\"), "\(line)")
            }
        }
    }
}
