import ClavigerServer
import Testing

@Suite("Configuration sources")
struct ConfigurationSourcesTests {
    @Test("OPS-1: flags win over the environment, and the environment over the file")
    func precedence() throws {
        let file = (path: "c.yaml", text: "listen: 127.0.0.1:1\nlog_level: debug\nlog_format: json\n")
        let environment = ["CLAVIGER_LISTEN": "127.0.0.1:2", "CLAVIGER_LOG_LEVEL": "error"]
        let settings = try ResolvedSettings(
            flags: ["--listen", "127.0.0.1:3"],
            environment: environment,
            file: file
        )
        #expect(settings.text(ServerSetting.listen) == "127.0.0.1:3")
        #expect(settings.text(ServerSetting.logLevel) == "error")
        #expect(settings.text(ServerSetting.logFormat) == "json")
        #expect(settings.entry(ServerSetting.listen).source == .flag)
        #expect(settings.entry(ServerSetting.logLevel).source == .environment)
        #expect(settings.entry(ServerSetting.logFormat).source == .file("c.yaml"))
        #expect(settings.entry(ServerSetting.channelPingSeconds).source == .standard)
    }

    @Test("OPS-1: a fault in a source that another source overrides still stops the start")
    func overriddenFault() {
        #expect(throws: ConfigurationError(.malformedValue, "")) {
            try ResolvedSettings(
                flags: ["--listen", "127.0.0.1:3"],
                environment: ["CLAVIGER_LISTEN": "nonsense"],
                file: nil
            )
        }
    }

    @Test("Flags are read with a space, with an equals sign, and alone if they are switches")
    func flagSpellings() throws {
        let settings = try ResolvedSettings(
            flags: ["--data-dir=/a=b", "--allow-plain-http", "--log-format", "json"],
            environment: [:],
            file: nil
        )
        #expect(settings.text(ServerSetting.dataDirectory) == "/a=b")
        #expect(settings.flag(ServerSetting.allowPlainHTTP))
        #expect(settings.text(ServerSetting.logFormat) == "json")
        let off = try ResolvedSettings(flags: ["--allow-plain-http", "false"], environment: [:], file: nil)
        #expect(!off.flag(ServerSetting.allowPlainHTTP))
    }

    @Test(
        "OPS-1: bad flags are refused by name",
        arguments: [
            (["--listn", "127.0.0.1:1"], "command line: --listn is not a setting; did you mean --listen?"),
            (["--listen"], "flag --listen has no value; it must be an address and a port from 0 to 65535"),
            (["--listen", "--log-level", "info"], "flag --listen has no value"),
            (["--log-level", "info", "--log-level", "info"], "flag --log-level is given twice"),
            (["stray"], "command line: 'stray' is not a flag"),
            (["-x"], "command line: '-x' is not a flag"),
            (["--"], "command line: '--' is not a flag"),
            (["--log-level", "loud"], "flag --log-level: 'loud' can't be used; it must be one of trace, debug"),
            (["--log-level="], "flag --log-level: '' can't be used"),
            (["--completely-unheard-of"], "`claviger config` lists the settings there are."),
        ]
    )
    func badFlags(_ flags: [String], _ sentence: String) {
        #expect(refusal(flags: flags).contains(sentence), "\(refusal(flags: flags))")
    }

    @Test(
        "OPS-1: bad variables are refused by name",
        arguments: [
            ("CLAVIGER_LISTENN", "x", "environment: CLAVIGER_LISTENN is not a setting; did you mean CLAVIGER_LISTEN?"),
            ("CLAVIGER_", "", "environment: CLAVIGER_ is not a setting"),
            ("CLAVIGER_listen", "127.0.0.1:1", "environment: CLAVIGER_listen is not a setting"),
            ("CLAVIGER_LISTEN", "", "environment variable CLAVIGER_LISTEN: '' can't be used"),
            ("CLAVIGER_ALLOW_PLAIN_HTTP", "yes", "CLAVIGER_ALLOW_PLAIN_HTTP: 'yes' can't be used; it must be true or"),
            ("CLAVIGER_CHANNEL_PING_SECONDS", "0", "a whole number of seconds from 1 to 300"),
            ("CLAVIGER_LOG_LEVEL", "a\u{1B}[2Jb\n", "'a\\u{1B}[2Jb\\n' can't be used"),
        ]
    )
    func badVariables(_ name: String, _ value: String, _ sentence: String) {
        #expect(refusal(environment: [name: value]).contains(sentence), "\(refusal(environment: [name: value]))")
    }

    @Test("Variables of others, and known ones that are no settings, are let through")
    func otherVariables() throws {
        let environment = [
            "PATH": "/bin", "CLAVIGERX": "1", "CLAVIGER_MASTER_KEY": "k", "CLAVIGER_CONFIG": "x",
            "CLAVIGER_SERVER": "http://127.0.0.1",
        ]
        _ = try ResolvedSettings(flags: [], environment: environment, file: nil)
    }

    private func refusal(flags: [String] = [], environment: [String: String] = [:]) -> String {
        do throws(ConfigurationError) {
            _ = try ResolvedSettings(flags: flags, environment: environment, file: nil)
            return "accepted"
        } catch {
            return error.message
        }
    }
}
