import Commands
import Foundation
import Testing

@Suite("Shell")
struct ShellTests {
    @Test(
        "CLI-1: a line is divided into words as sh does",
        arguments: [
            ("agent list", ["agent", "list"]), ("  a\t b  ", ["a", "b"]), ("", []), ("   ", []), ("# all", []),
            ("a # b", ["a"]), ("a#b", ["a#b"]), ("'a b' \"c d\"", ["a b", "c d"]), ("a'b'\"c\"d", ["abcd"]),
            ("'' \"\"", ["", ""]), ("a\\ b \\# \\\\", ["a b", "#", "\\"]),
            ("'a\\b' \"\\n\\\"\\\\\"", ["a\\b", "\\n\"\\"]),
            ("\"it's\" 'say \"x\"'", ["it's", "say \"x\""]), ("é\u{1F600}", ["é\u{1F600}"]),
            ("$HOME *", ["$HOME", "*"]),
        ]
    )
    func words(_ line: String, _ expected: [String]) throws {
        #expect(try ShellWords.split(line) == expected)
    }

    @Test("CLI-1: an open quote is an error that says so", arguments: ["agent 'a", "agent \"a", "a\"b\\\"", "a\\"])
    func openQuotes(_ line: String) {
        #expect(throws: ShellWords.Unfinished.self) { try ShellWords.split(line) }
        guard case .refused(let sentence) = ShellLine(line) else {
            Issue.record("not refused")
            return
        }
        #expect(sentence.contains("not closed") || sentence.contains("backslash"))
    }

    @Test("CLI-1: serve and shell are refused inside the shell with a sentence; exit and quit leave")
    func builtIn() {
        for line in ["serve", "serve --listen x", "shell", "claviger serve", "exit now"] {
            guard case .refused = ShellLine(line) else {
                Issue.record("\(line)")
                return
            }
        }
        #expect(ShellLine("exit") == .leave && ShellLine(" quit ") == .leave)
        #expect(ShellLine("# x") == .nothing && ShellLine("claviger") == .nothing)
        #expect(ShellLine("claviger agent list") == .run(["agent", "list"]))
    }

    @Test("CLI-1: lines of standard input run until one fails, and its status is the shell's")
    func script() async {
        let lines = ["# first", "", "version", "agent list", "version"]
        let console = RecordingConsole(answers: lines, environment: ["HOME": "/nonexistent"])
        #expect(await console.run("shell") == .notSignedIn)
        #expect(console.output.split(separator: "\n").count == 1)
        #expect(console.notes.contains("line 4 ended with status 3"))
    }

    @Test("CLI-1: --keep-going goes on after a failure and ends with the first one's status")
    func keepGoing() async {
        let lines = ["version", "nonsense", "agent list", "serve", "version", "exit", "version"]
        let console = RecordingConsole(answers: lines, environment: ["HOME": "/nonexistent"])
        #expect(await console.run("shell", "--keep-going") == .usage)
        #expect(console.output.split(separator: "\n").count == 2)
        #expect(await RecordingConsole(answers: ["version"]).run("shell") == .done)
        #expect(await RecordingConsole(answers: ["help agent create"]).run("shell") == .done)
        #expect(await RecordingConsole(answers: ["version 'x"]).run("shell") == .usage)
        #expect(await RecordingConsole().run("shell") == .done)
    }

    @Test("CLI-1: Tab offers nouns, verbs, options and the values of options")
    func completion() throws {
        let completion = ShellCompletion(try CommandTree())
        #expect(completion.offer("ag").insertion == "ent ")
        #expect(completion.offer("agent cr").insertion == "eate ")
        #expect(completion.offer("claviger agent cr").insertion == "eate ")
        #expect(completion.offer("help agent cr").insertion == "eate ")
        #expect(completion.offer("agent list --wa").insertion == "tch ")
        #expect(completion.offer("agent re").candidates.contains("regenerate-token"))
        #expect(completion.offer("agent list -o ").candidates == ["json", "table"])
        #expect(completion.offer("agent list --status p").candidates == ["paused", "pending"])
        #expect(completion.offer("agent list --label ").candidates.isEmpty)
        #expect(completion.offer("agent inspect x").candidates.isEmpty)
        #expect(completion.offer("ex").candidates == ["exit"])
        #expect(completion.offer("").candidates.contains("agent") && completion.offer("zzz").insertion.isEmpty)
    }
}

@Suite("Shell history")
struct ShellHistoryTests {
    @Test("CLI-1: the history is a file for its owner alone, below XDG_STATE_HOME, and lasts")
    func file() throws {
        let base = NSTemporaryDirectory() + "claviger-shell-\(UInt64.random(in: 0 ... .max))"
        defer { try? FileManager.default.removeItem(atPath: base) }
        var history = ShellHistory(environment: ["XDG_STATE_HOME": base, "HOME": "/nonexistent"])
        try history.add("agent list")
        try history.add("agent list")
        try history.add("   ")
        var other = ShellHistory(environment: ["XDG_STATE_HOME": base])
        try other.add("whoami")
        try history.add("version")
        let path = try #require(history.path)
        #expect(path == base + "/claviger/history")
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "agent list\nwhoami\nversion\n")
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
        for number in 0..<600 { try history.add("agent inspect a\(number)") }
        let kept = ShellHistory(environment: ["XDG_STATE_HOME": base]).lines
        #expect(kept.count == 500 && kept.last == "agent inspect a599")
        #expect(ShellHistory(environment: ["HOME": "/h"]).path == "/h/.local/state/claviger/history")
        #expect(ShellHistory(environment: [:]).path == nil)
    }

    @Test(
        "CLI-3: a line that may hold a secret is not kept",
        arguments: [
            "agent create clv_ag_abcdefghijklmnop", "x CLV_su_1", "setup https://a.example/setup#clv_su_x",
            "migrate up --database postgres://u:word@h/d", "login --password x", "login --password=x", "PGPASSWORD=x",
            "x AGE-SECRET-KEY-1QQQ", "x aGVsbG8gd29ybGQgaGVsbG8gd29ybGQ5OTk5OTk=", "x '-----BEGIN PRIVATE KEY-----'",
        ]
    )
    func secrets(_ line: String) throws {
        var history = ShellHistory(environment: [:])
        try history.add(line)
        #expect(history.lines.isEmpty)
    }

    @Test(
        "CLI-3: ordinary lines are kept",
        arguments: [
            "login --password-file /run/secrets/p", "agent inspect agt_01jd3k5m7n9p1q3s5t7v9x1z3b",
            "agent list --server https://claviger.example.com:8443", "agent create a --label mail=x@y.example",
            "agent regenerate-token demo --reason 'lost token'", "migrate up --database postgres://u@h:5432/d",
        ]
    )
    func ordinary(_ line: String) throws {
        var history = ShellHistory(environment: [:])
        try history.add(line)
        #expect(history.lines == [line])
    }
}
