import ClavigerServer
import Testing

@Suite("Configuration file")
struct ConfigurationFileTests {
    @Test("OPS-1: a file may set every form of value, and may be empty")
    func forms() throws {
        let values = try FileSource.read(
            """
            # a comment
            listen: "[::1]:0"
            trusted_proxies: [10.0.0.0/8, "fd00::/8"]
            allow_plain_http: true
            channel_ping_seconds: 5
            data_dir: '/var/lib/claviger'
            """,
            path: "c.yaml"
        )
        #expect(values[ServerSetting.listen] == .text("[::1]:0"))
        #expect(values[ServerSetting.trustedProxies] == .list(["10.0.0.0/8", "fd00::/8"]))
        #expect(values[ServerSetting.allowPlainHTTP] == .flag(true))
        #expect(values[ServerSetting.channelPingSeconds] == .integer(5))
        #expect(values[ServerSetting.dataDirectory] == .text("/var/lib/claviger"))
        for text in ["", "\n\n", "# nothing\n", "---\n"] {
            #expect(try FileSource.read(text, path: "c.yaml").isEmpty)
        }
    }

    @Test(
        "OPS-1: a malformed value names file and key",
        arguments: [
            ("channel_ping_seconds: \"20\"", "file c.yaml, key channel_ping_seconds: '20' can't be used"),
            ("channel_ping_seconds: 2.5", "a whole number of seconds from 1 to 300"),
            ("channel_ping_seconds: 0x10", "key channel_ping_seconds: '0x10'"),
            ("channel_ping_seconds: [1]", "'a sequence' can't be used"),
            ("channel_ping_seconds: {a: 1}", "'a mapping' can't be used"),
            ("allow_plain_http: yes", "key allow_plain_http: 'yes' can't be used; it must be true or false."),
            ("allow_plain_http: \"true\"", "key allow_plain_http: 'true' can't be used"),
            ("data_dir:", "key data_dir: '' can't be used; it must be a path."),
            ("data_dir: null", "key data_dir: 'null' can't be used"),
            ("data_dir: ~", "key data_dir: '~' can't be used"),
            ("data_dir: [a]", "key data_dir: 'a sequence' can't be used"),
            ("trusted_proxies: [10.0.0.1/8]", "key trusted_proxies"),
            ("trusted_proxies: [[10.0.0.0/8]]", "key trusted_proxies"),
            ("log_level: Info", "key log_level: 'Info' can't be used"),
        ]
    )
    func malformedValues(_ text: String, _ sentence: String) {
        let refusal = refusal(text)
        #expect(refusal.code == .malformedValue)
        #expect(refusal.message.contains(sentence), "\(refusal)")
    }

    @Test(
        "OPS-1: unknown and repeated keys are refused by name",
        arguments: [
            (
                "listn: 127.0.0.1:1", ConfigurationError.Code.unknownKey,
                "file c.yaml: listn is not a setting; did you mean"
            ),
            ("Listen: 127.0.0.1:1", .unknownKey, "Listen is not a setting"),
            ("? [a, b]\n: c", .unknownKey, "a key that is not a word is not a setting"),
            ("server:\n  listen: 127.0.0.1:1", .unknownKey, "server is not a setting"),
            ("listen: 127.0.0.1:1\nlisten: 127.0.0.1:1", .duplicateKey, "key listen"),
            ("\"listen\": 127.0.0.1:1\nlisten: 127.0.0.1:2", .duplicateKey, "key listen"),
        ]
    )
    func keys(_ text: String, _ code: ConfigurationError.Code, _ sentence: String) {
        let refusal = refusal(text)
        #expect(refusal.code == code)
        #expect(refusal.message.contains(sentence), "\(refusal)")
    }

    @Test(
        "Garbage is refused as not YAML, and nothing crashes",
        arguments: [
            "just a sentence", "- a\n- b", "listen: [", "a: b: c", "\t- x", "%YAML 9.9\n---\n", "listen: *nowhere",
            "&a [*a]", "listen: 'open", "--- a\n--- b", "\u{0}", "{", "\"", "!!binary x",
            String(repeating: "[", count: 60_000), String(repeating: "{a: ", count: 10_000),
            String(repeating: "- ", count: 30_000), String(repeating: "#", count: 65_537),
        ]
    )
    func garbage(_ text: String) {
        #expect(refusal(text).code == .malformedSource)
    }

    @Test("A fault in the file never repeats the line it stands in")
    func noEcho() {
        let refusal = refusal("master_key_command: 'hunter2-marker")
        #expect(!refusal.message.contains("hunter2"))
    }

    private func refusal(_ text: String) -> ConfigurationError {
        do throws(ConfigurationError) {
            _ = try FileSource.read(text, path: "c.yaml")
            return ConfigurationError(.contradiction, "accepted")
        } catch {
            return error
        }
    }
}
