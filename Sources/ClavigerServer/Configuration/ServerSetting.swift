/// Every setting of the server.
///
/// A new setting is one declaration here and its name in ``all``.
package enum ServerSetting {
    package static let listen = SettingDeclaration(
        "listen",
        .listenAddress,
        default: "127.0.0.1:8787",
        "Address and port the server listens on; port 0 takes a free one."
    )
    package static let publicURL = SettingDeclaration(
        "public_url",
        .origin,
        default: nil,
        "Origin under which agents and people reach the server; by default the address it listens on."
    )
    package static let dataDirectory = SettingDeclaration(
        "data_dir",
        .path,
        default: "~/.local/share/claviger",
        "Directory for the database, the master key and the runtime files; made with mode 0700 if missing."
    )
    package static let database = SettingDeclaration(
        "database",
        .database,
        default: "sqlite:claviger.sqlite",
        "Where the data lives: a file (a relative path starts at data_dir), or a PostgreSQL database for many nodes."
    )
    package static let databasePasswordFile = SettingDeclaration(
        "database_password_file",
        .path,
        default: nil,
        "File with the password for the PostgreSQL database, mode 0600; its first line counts."
    )
    package static let databaseConnections = SettingDeclaration(
        "database_connections",
        .integer(1...200, unit: "connections"),
        default: "8",
        "Connections that this node keeps to the PostgreSQL database."
    )
    package static let databaseWaitSeconds = SettingDeclaration(
        "database_wait_seconds",
        .integer(0...600, unit: "seconds"),
        default: "30",
        "Time for which a start waits for a PostgreSQL server that can't be reached yet."
    )
    package static let tlsCertificate = SettingDeclaration(
        "tls_certificate",
        .path,
        default: nil,
        "PEM file with the certificate chain; with it the server speaks TLS."
    )
    package static let tlsPrivateKey = SettingDeclaration(
        "tls_private_key",
        .path,
        default: nil,
        "PEM file with the certificate's private key."
    )
    package static let trustedProxies = SettingDeclaration(
        "trusted_proxies",
        .networks,
        default: nil,
        "Addresses of the reverse proxies that may state a client's address and end TLS for the server."
    )
    package static let allowPlainHTTP = SettingDeclaration(
        "allow_plain_http",
        .flag,
        default: "false",
        "Lets the server listen beyond loopback without TLS and without a trusted proxy; logged at every start."
    )
    package static let masterKeyFile = SettingDeclaration(
        "master_key_file",
        .path,
        default: nil,
        "File with the master key; by default master.key in data_dir, made on first start."
    )
    package static let masterKeyCommand = SettingDeclaration(
        "master_key_command",
        .text,
        default: nil,
        "Command that prints the master key, such as the CLI of a key management service."
    )
    package static let logLevel = SettingDeclaration(
        "log_level",
        .choice(["trace", "debug", "info", "notice", "warning", "error", "critical"]),
        default: "info",
        "Least severe log level that is written."
    )
    package static let logFormat = SettingDeclaration(
        "log_format",
        .choice(["text", "json"]),
        default: "text",
        "Shape of a log line: key=value text, or one JSON object."
    )
    package static let agentBinaryDirectory = SettingDeclaration(
        "agent_binary_dir",
        .path,
        default: nil,
        "Directory with claviger-agent-<architecture> for installation; by default that of the claviger program."
    )
    package static let agentImage = SettingDeclaration(
        "agent_image",
        .image,
        default: "claviger-agent:latest",
        "Image that the install instructions for Docker and Kubernetes name; Scripts/build-agent-image makes one."
    )
    package static let metricsTokenFile = SettingDeclaration(
        "metrics_token_file",
        .path,
        default: nil,
        "File with the bearer token for /metrics; without it only a server on loopback shows them."
    )
    package static let channelPingSeconds = SettingDeclaration(
        "channel_ping_seconds",
        .integer(1...300, unit: "seconds"),
        default: "20",
        "Time between pings on an agent's channel."
    )
    package static let channelIdleSeconds = SettingDeclaration(
        "channel_idle_seconds",
        .integer(2...3600, unit: "seconds"),
        default: "60",
        "Silence after which an agent's channel is closed; more than channel_ping_seconds."
    )
    package static let helloTimeoutSeconds = SettingDeclaration(
        "hello_timeout_seconds",
        .integer(1...60, unit: "seconds"),
        default: "10",
        "Time an agent has to prove its key after the upgrade."
    )
    package static let changePollMilliseconds = SettingDeclaration(
        "change_poll_milliseconds",
        .integer(5...1000, unit: "milliseconds"),
        default: "25",
        "Time between two looks at the change log."
    )
    package static let eventLoopThreads = SettingDeclaration(
        "event_loop_threads",
        .integer(0...64, unit: ""),
        default: "0",
        "Threads that serve connections; 0 takes one per processor, at most four."
    )
    package static let shutdownGraceSeconds = SettingDeclaration(
        "shutdown_grace_seconds",
        .integer(1...30, unit: "seconds"),
        default: "30",
        "Time that running requests and channels get to end when the server stops."
    )

    /// All settings in the order in which they are shown.
    package static let all: [SettingDeclaration] = [
        listen, publicURL, dataDirectory, database, databasePasswordFile, databaseConnections, databaseWaitSeconds,
        tlsCertificate, tlsPrivateKey, trustedProxies, allowPlainHTTP, masterKeyFile, masterKeyCommand, logLevel,
        logFormat,
        agentBinaryDirectory, agentImage, metricsTokenFile, channelPingSeconds, channelIdleSeconds,
        helloTimeoutSeconds, changePollMilliseconds, eventLoopThreads,
        shutdownGraceSeconds,
    ]
}
