import ArgumentParser
import ClavigerAgent
import Logging

#if canImport(Musl)
import Musl
#else
import Glibc
#endif

/// The options of the commands that talk to a server.
struct AgentOptions: ParsableArguments {
    @Option(help: "Address of the server; else the stored one, or CLAVIGER_SERVER for the enrolment.")
    var server: String?

    @OptionGroup var state: StateOptions

    @Option(help: "PEM file with certificate authorities to trust beside the system's (CLAVIGER_AGENT_CA_FILE).")
    var caFile: String?

    @Flag(help: "Allow plain http to other machines (CLAVIGER_ALLOW_PLAIN_HTTP=true). Tokens travel in plain text.")
    var allowPlainHttp = false

    @Option(help: "File that holds the install token; else CLAVIGER_INSTALL_TOKEN is read.")
    var installTokenFile: String?

    @Option(help: "trace, debug, info, notice, warning or error (CLAVIGER_LOG_LEVEL).")
    var logLevel: String?

    func configuration() throws -> AgentConfiguration {
        var proxy: [String: String] = [:]
        for name in ["HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy"] { proxy[name] = Environment[name] }
        return AgentConfiguration(
            server: server,
            enrolmentServer: Environment["CLAVIGER_SERVER"],
            stateDirectory: state.path,
            extraRootsFile: caFile ?? Environment["CLAVIGER_AGENT_CA_FILE"],
            allowsPlainHTTP: try allowPlainHttp || Environment.flag("CLAVIGER_ALLOW_PLAIN_HTTP"),
            metadata: MetadataSource(environmentValue: Environment["CLAVIGER_AGENT_METADATA"]),
            proxyEnvironment: proxy
        )
    }

    func logger() throws -> Logger {
        let name = logLevel ?? Environment["CLAVIGER_LOG_LEVEL"] ?? "info"
        guard let level = Logger.Level(rawValue: name) else {
            throw AgentError(.badSetting, "The log level must be trace, debug, info, notice, warning or error.")
        }
        var logger = Logger(label: "claviger-agent") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = level
        return logger
    }

    /// The install token from file or environment; nil if there is none.
    func installToken() throws -> String? {
        guard let file = installTokenFile else {
            return Environment["CLAVIGER_INSTALL_TOKEN"].map(InstallTokenInput.trimmed)
        }
        return try InstallTokenInput.read(file: file)
    }
}

/// Where the agent keeps its state.
struct StateOptions: ParsableArguments {
    @Option(
        name: .customLong("state-dir"),
        help: "State directory (CLAVIGER_AGENT_STATE_DIR); else systemd's, /var/lib/claviger-agent, or below the home."
    )
    var directory: String?

    var path: String {
        if let chosen = directory ?? Environment["CLAVIGER_AGENT_STATE_DIR"] ?? Environment["STATE_DIRECTORY"] {
            return chosen
        }
        guard geteuid() != 0, let home = Environment["HOME"] else { return "/var/lib/claviger-agent" }
        return (Environment["XDG_STATE_HOME"] ?? home + "/.local/state") + "/claviger-agent"
    }
}

/// Environment variables; an empty one counts as missing.
enum Environment {
    static subscript(name: String) -> String? {
        guard let value = getenv(name).map({ String(cString: $0) }), !value.isEmpty else { return nil }
        return value
    }

    /// A variable that is `true` or `false`, as the server reads its own; a missing one is false.
    static func flag(_ name: String) throws -> Bool {
        switch self[name] {
        case nil, "false": return false
        case "true": return true
        case let value?: throw AgentError(.badSetting, "\(name): '\(value)' can't be used; it must be true or false.")
        }
    }
}
