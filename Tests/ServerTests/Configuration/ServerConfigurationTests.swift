import ClavigerServer
import Foundation
import Testing

@Suite("Server configuration")
struct ServerConfigurationTests {
    @Test("OPS-1: without any source the server listens on loopback and keeps its data at home")
    func defaults() throws {
        let configuration = try configuration([:], home: "/home/ada")
        #expect(configuration.listen.text == "127.0.0.1:8787")
        #expect(configuration.dataDirectory == "/home/ada/.local/share/claviger")
        #expect(configuration.database == .sqlite(path: "/home/ada/.local/share/claviger/claviger.sqlite"))
        #expect(configuration.masterKey == .dataDirectory)
        #expect(!configuration.isPlainBeyondLoopback)
    }

    @Test("OPS-3: beyond loopback the server needs TLS, a trusted proxy or the explicit flag")
    func exposure() throws {
        let open = ["CLAVIGER_LISTEN": "0.0.0.0:8787"]
        #expect(refusal(open).contains("environment variable CLAVIGER_LISTEN: 0.0.0.0:8787 can be reached"))
        let allowed = try configuration(open.merging(["CLAVIGER_ALLOW_PLAIN_HTTP": "true"]) { $1 })
        #expect(allowed.isPlainBeyondLoopback)
        let proxied = try configuration(open.merging(["CLAVIGER_TRUSTED_PROXIES": "10.0.0.1"]) { $1 })
        #expect(!proxied.isPlainBeyondLoopback)
        let tls = ["CLAVIGER_TLS_CERTIFICATE": "/c.pem", "CLAVIGER_TLS_PRIVATE_KEY": "/k.pem"]
        #expect(try !configuration(open.merging(tls) { $1 }).isPlainBeyondLoopback)
    }

    @Test("OPS-3: a certificate without a key, or a key without a certificate, stops the start")
    func halfTLS() {
        #expect(refusal(["CLAVIGER_TLS_CERTIFICATE": "/c.pem"]).contains("needs tls_private_key as well"))
        #expect(refusal(["CLAVIGER_TLS_PRIVATE_KEY": "/k.pem"]).contains("needs tls_certificate as well"))
    }

    @Test("OPS-2: the master key has one origin")
    func masterKeyOrigins() throws {
        #expect(try configuration(["CLAVIGER_MASTER_KEY_FILE": "~/k"], home: "/h").masterKey == .file("/h/k"))
        #expect(try configuration(["CLAVIGER_MASTER_KEY_COMMAND": "kms get"]).masterKey == .command("kms get"))
        #expect(try configuration(["CLAVIGER_MASTER_KEY": "secret-marker"]).masterKey == .environment)
        let both = ["CLAVIGER_MASTER_KEY": "secret-marker", "CLAVIGER_MASTER_KEY_FILE": "/k"]
        #expect(refusal(both).contains("the master key has one origin"))
        #expect(!refusal(both).contains("secret-marker"))
    }

    @Test("An idle limit that is not longer than the ping interval is refused")
    func intervals() throws {
        let equal = ["CLAVIGER_CHANNEL_PING_SECONDS": "30", "CLAVIGER_CHANNEL_IDLE_SECONDS": "30"]
        #expect(refusal(equal).contains("CLAVIGER_CHANNEL_IDLE_SECONDS: 30 is not more than"))
        _ = try configuration(["CLAVIGER_CHANNEL_PING_SECONDS": "29", "CLAVIGER_CHANNEL_IDLE_SECONDS": "30"])
    }

    @Test("A path at home without a home names the setting")
    func noHome() {
        #expect(refusal([:], home: nil).contains("needs the variable HOME"))
    }

    @Test("OPS-1: a file that is missing or no text stops the start")
    func unreadableFile() {
        for path in ["/nonexistent/claviger.yaml", "/"] {
            #expect(throws: ConfigurationError(.unreadableFile, "")) {
                try ConfigurationLoader.load(flags: [], file: path, environment: ["HOME": "/h"])
            }
        }
        #expect(throws: ConfigurationError(.malformedSource, "")) {
            try ConfigurationLoader.load(flags: [], file: "/dev/zero", environment: ["HOME": "/h"])
        }
    }

    @Test("OPS-1: docs/configuration.md holds the table that the declarations make")
    func table() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let page = try String(contentsOf: root.appending(path: "docs/configuration.md"), encoding: .utf8)
        #expect(page.contains(SettingsTable.markdown), "`claviger config --markdown` prints the table.")
        for setting in ServerSetting.all {
            #expect(SettingsTable.markdown.contains("| `\(setting.key)` | `\(setting.flag)` |"))
            #expect(SettingsTable.flagHelp.contains(setting.flag))
        }
    }

    private func configuration(
        _ environment: [String: String],
        home: String? = "/home/ada"
    ) throws(ConfigurationError) -> ServerConfiguration {
        var environment = environment
        environment["HOME"] = home
        return try ConfigurationLoader.load(flags: [], file: nil, environment: environment)
    }

    private func refusal(_ environment: [String: String], home: String? = "/home/ada") -> String {
        do throws(ConfigurationError) {
            _ = try configuration(environment, home: home)
            return "accepted"
        } catch {
            return error.message
        }
    }
}
