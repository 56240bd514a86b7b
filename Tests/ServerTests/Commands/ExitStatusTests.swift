import ClavigerClient
import ClavigerServer
import ClavigerWire
import Commands
import Testing

@Suite("Exit statuses")
struct ExitStatusTests {
    @Test("CLI-1: the numbers are fixed")
    func numbers() {
        #expect(ExitStatus.allCases.map(\.rawValue) == Array(0...10))
        #expect(ExitStatus.done.rawValue == 0)
        #expect(ExitStatus.usage.rawValue == 2)
        #expect(ExitStatus.notSignedIn.rawValue == 3)
        #expect(ExitStatus.denied.rawValue == 4)
        #expect(ExitStatus.notFound.rawValue == 5)
        #expect(ExitStatus.conflict.rawValue == 6)
        #expect(ExitStatus.invalidInput.rawValue == 7)
        #expect(ExitStatus.unavailable.rawValue == 8)
    }

    @Test("CLI-1: errors of the configuration have their number")
    func configuration() {
        #expect(CommandFailure(ConfigurationError(.unknownKey, "x")).status == .badConfiguration)
        #expect(CommandFailure(HostError(.locked, "x")).status == .badConfiguration)
    }

    @Test(
        "CLI-1: a misunderstood command line ends with 2 and a word on standard error",
        arguments: [
            ["nonsense"], ["agent"], ["agent", "list", "extra", "--x"], ["agent", "list", "-o", "xml"],
            ["agent", "rotate"], ["agent", "rotate", "a", "--mode", "slow"], ["settings", "set", "nonsense"],
            ["agent", "create", "a", "--trigger", "never"], ["agent", "list", "--status", "dead"],
            ["audit", "list", "--target-kind", "agent"], ["audit", "list", "--outcome", "maybe"],
            ["audit", "list", "--scope", "world"], ["agent", "update", "a", "--clear", "name"],
            ["agent", "update", "a", "--clear", "labels", "--label", "a=b"],
        ]
    )
    func usage(_ arguments: [String]) async {
        let console = RecordingConsole(environment: ["HOME": "/nonexistent"])
        let status = await ClavigerProgram.run(arguments, console: console.console)
        // A group without a verb shows its help, which is no error.
        #expect(status == (arguments == ["agent"] ? .done : .usage))
        #expect(arguments == ["agent"] || (console.output.isEmpty && !console.notes.isEmpty))
    }

    @Test("Help and version go to standard output and succeed", arguments: ["--help", "version"])
    func help(_ argument: String) async {
        let console = RecordingConsole()
        #expect(await console.run(argument) == .done)
        #expect(!console.output.isEmpty)
        #expect(console.notes.isEmpty)
    }

    @Test("OPS-1: a bad setting ends `claviger config` with its number and the sentence")
    func badSetting() async {
        let console = RecordingConsole(environment: ["HOME": "/h", "CLAVIGER_LISTENN": "x"])
        #expect(await console.run("config") == .badConfiguration)
        #expect(console.notes.contains("CLAVIGER_LISTENN is not a setting; did you mean CLAVIGER_LISTEN?"))
        #expect(console.output.isEmpty)
    }

    @Test("OPS-1: `claviger config` shows each value and its source, and never the master key")
    func config() async {
        let console = RecordingConsole(environment: ["HOME": "/h", "CLAVIGER_MASTER_KEY": "marker-of-a-key"])
        #expect(await console.run("config", "--log-level", "debug", "-o", "json") == .done)
        #expect(console.output.contains(#"{"key":"log_level","value":"debug","source":"flag --log-level"}"#))
        #expect(!console.output.contains("marker-of-a-key"))
    }

    @Test("CLI-1: without a session the commands say so, before any connection")
    func notSignedIn() async {
        for arguments in [
            ["agent", "list"], ["settings", "get"], ["session", "list"], ["whoami"], ["audit", "list"],
        ] {
            let console = RecordingConsole(environment: ["HOME": "/nonexistent"])
            #expect(await ClavigerProgram.run(arguments, console: console.console) == .notSignedIn)
            #expect(console.notes.contains("claviger login"))
        }
    }

    @Test(
        "CLI-1: what can't be undone needs a yes or --confirm, before anything is touched",
        arguments: [
            ["agent", "revoke", "a"], ["agent", "reset", "a"], ["agent", "delete", "a"],
            ["agent", "rotate", "a", "--mode", "force"],
        ]
    )
    func confirmation(_ arguments: [String]) async {
        let silent = RecordingConsole(environment: ["HOME": "/nonexistent"])
        #expect(await ClavigerProgram.run(arguments, console: silent.console) == .usage)
        #expect(silent.notes.contains("--confirm"))
        let unsure = RecordingConsole(answers: ["y"], environment: ["HOME": "/nonexistent"], isTerminal: true)
        #expect(await ClavigerProgram.run(arguments, console: unsure.console) == .usage)
        let sure = RecordingConsole(answers: ["yes"], environment: ["HOME": "/nonexistent"], isTerminal: true)
        #expect(await ClavigerProgram.run(arguments, console: sure.console) == .notSignedIn)
        let confirmed = RecordingConsole(environment: ["HOME": "/nonexistent"])
        #expect(await ClavigerProgram.run(arguments + ["--confirm"], console: confirmed.console) == .notSignedIn)
    }

    @Test("CLI-1: a server that can't be reached ends with 8; OPS-3: plain http elsewhere is refused")
    func unreachable() async {
        let environment = ["HOME": "/nonexistent"]
        let away = RecordingConsole(answers: ["secret-marker"], environment: environment)
        #expect(await away.run("login", "--email", "a@b.example", "--server", "http://127.0.0.1:1") == .unavailable)
        #expect(!away.notes.contains("secret-marker"))
        let plain = RecordingConsole(answers: ["secret-marker"], environment: environment)
        #expect(await plain.run("login", "--email", "a@b.example", "--server", "http://192.0.2.1") == .invalidInput)
    }

    @Test("OPS-3: a file of authorities that can't be used ends with 7 and names the file, from the option or variable")
    func authorities() async {
        let line = ["login", "--email", "a@b.example", "--server", "https://127.0.0.1:1"]
        let variables = ["HOME": "/nonexistent", "CLAVIGER_CA_FILE": "/nonexistent/ca.pem"]
        let byVariable = RecordingConsole(answers: ["secret-marker"], environment: variables)
        #expect(await ClavigerProgram.run(line, console: byVariable.console) == .invalidInput)
        #expect(byVariable.notes.contains("/nonexistent/ca.pem"))
        let byOption = RecordingConsole(answers: ["secret-marker"], environment: variables)
        #expect(
            await ClavigerProgram.run(line + ["--ca-file", "/dev/null"], console: byOption.console) == .invalidInput
        )
        #expect(byOption.notes.contains("/dev/null"))
    }

    @Test("CLI-1: completions are printed for every shell, and run no command", arguments: ["bash", "zsh", "fish"])
    func completions(_ shell: String) async {
        let console = RecordingConsole()
        #expect(await console.run("--generate-completion-script", shell) == .done)
        #expect(console.output.contains("regenerate-token") && console.notes.isEmpty)
    }

    @Test("OPS-3: --allow-plain-http says on standard error what it means, where secrets leave the machine")
    func plainHTTP() async {
        // Neither address leaves this machine, but only the first says so by its name.
        for (server, warns) in [("http://127.0.0.1:1", false), ("http://0.0.0.0:1", true)] {
            let console = RecordingConsole(answers: ["secret-marker"], environment: ["HOME": "/nonexistent"])
            let line = ["login", "--email", "a@b.example", "--allow-plain-http", "--server", server]
            #expect(await ClavigerProgram.run(line, console: console.console) == .unavailable)
            #expect(console.notes.contains("Warning: \(server) is reached over plain http") == warns)
        }
    }
}
