import Foundation
import Testing

@Suite("An install script that was cut off on its way")
struct CutScriptTests {
    @Test("AGT-2: cut at every tenth byte, the script runs nothing; whole, it does", arguments: ["sh", "bash"])
    func runsNothing(_ shell: String) async throws {
        try await Workbench.run { bench in
            let server = try await Server.start(on: bench)
            let script = try await API(url: server.url, token: nil).get("/install.sh").text
            let trap = try Trap(bench, shell, script)
            let call = try #require(script.range(of: "claviger_install \"$@\"", options: .backwards))
            let end = script.utf8.distance(from: script.startIndex, to: call.lowerBound) + "claviger_install".utf8.count
            #expect(end > script.utf8.count - 40, "the call is not the script's last line")

            let sizes = Array(stride(from: 0, to: end, by: 10)) + Array(end - 30..<end)
            for (size, said) in try await trap.run(sizes) {
                #expect(Trap.isHarmless(said), "cut after \(size) bytes: \(said)")
            }
            #expect(trap.sprung == nil, "\(trap.sprung ?? "") was run")

            let whole = try await trap.run([script.utf8.count])
            #expect(trap.sprung != nil, "the trap never springs: \(whole)")
        }
    }
}

/// A machine whose every program is a trap: whatever a script runs first writes its name down.
private struct Trap {
    private let bench: Workbench
    private let shell: String
    private let folder: String

    init(_ bench: Workbench, _ shell: String, _ script: String) throws {
        self.bench = bench
        self.shell = shell
        folder = bench.folder + "/trap"
        try FileManager.default.createDirectory(atPath: folder + "/bin", withIntermediateDirectories: true)
        try script.write(toFile: folder + "/install.sh", atomically: true, encoding: .utf8)
        // Any word that could name a program is one.
        let words = Set(script.split { !$0.isLetter && !$0.isNumber && $0 != "-" && $0 != "_" }.map(String.init))
        let keywords: Set = [
            "case", "do", "done", "elif", "else", "esac", "fi", "for", "if", "in", "then", "while",
        ]
        for word in words.subtracting(keywords) where word.first?.isLetter == true {
            // The script's one function is no program: a cut script may end in half of its name.
            if "claviger_install".hasPrefix(word) { continue }
            let text = "#!/bin/sh\nprintf '%s\\n' \(word) >>'\(folder)/sprung'\n"
            let isMade = FileManager.default.createFile(
                atPath: folder + "/bin/" + word,
                contents: Data(text.utf8),
                attributes: [.posixPermissions: 0o755]
            )
            try #require(isMade)
        }
    }

    /// What was run, if anything was.
    var sprung: String? { bench.contents(folder + "/sprung") }

    /// Feeds the script's first bytes to the shell, as `curl … | sh` does; answers what it said each time.
    func run(_ sizes: [Int]) async throws -> [(size: Int, said: String)] {
        let driver = #"""
            shell=$(command -v "$3")
            for size in $2; do
                printf '\036%s\037' "$size"
                head -c "$size" "$1/install.sh" |
                    env -i PATH="$1/bin" HOME="$1" CLAVIGER_INSTALL_PREFIX="$1/prefix" \
                        CLAVIGER_INSTALL_TOKEN=some-token "$shell" 2>&1
            done
            """#
        let arguments = ["-c", driver, "driver", folder, sizes.map(String.init).joined(separator: " "), shell]
        let run = try await bench.finish("bash", arguments, within: .seconds(120))
        #expect(!FileManager.default.fileExists(atPath: folder + "/prefix"))
        let parts = run.output.split(separator: "\u{1E}").map { $0.split(separator: "\u{1F}", maxSplits: 1) }
        let answers = parts.map { (size: Int($0[0]) ?? -1, said: $0.count > 1 ? String($0[1]) : "") }
        try #require(answers.map(\.size) == sizes, "\(run)")
        return answers
    }

    /// A shell that ran nothing may say that the text ends too early, or that it does not know half of a name.
    static func isHarmless(_ said: String) -> Bool {
        said.split(separator: "\n").allSatisfy { line in
            guard line.hasSuffix("not found") else { return !line.hasPrefix("claviger:") }
            let name = line.split(separator: ":").dropLast().last?.trimmingCharacters(in: .whitespaces) ?? ""
            return !name.isEmpty && "claviger_install".hasPrefix(name)
        }
    }
}
