package import Domain

/// The settings with their types, paths made whole, and the rules that join several settings checked.
package struct ServerConfiguration: Sendable {
    /// Files for TLS.
    package struct TLSFiles: Sendable, Hashable {
        package let certificate: String
        package let privateKey: String
    }

    /// Where the master key comes from (OPS-2).
    package enum MasterKeyOrigin: Sendable, Hashable {
        /// `master.key` in the data directory, made if missing.
        case dataDirectory
        /// A file that must be there.
        case file(String)
        /// What a command prints.
        case command(String)
        /// `CLAVIGER_MASTER_KEY`. The key itself is fetched when it is needed, not kept here.
        case environment
    }

    package let settings: ResolvedSettings
    package let listen: ListenAddress
    package let publicURL: PublicOrigin?
    package let dataDirectory: String
    package let database: DatabaseLocation
    package let databasePasswordFile: String?
    package let tls: TLSFiles?
    package let trustedProxies: [AddressRange]
    package let allowPlainHTTP: Bool
    package let masterKey: MasterKeyOrigin
    package let agentBinaryDirectory: String?
    package let agentImage: String
    package let metricsTokenFile: String?

    /// Checks the settings of all sources together.
    ///
    /// The environment tells the home directory and whether the master key stands in a variable.
    package init(_ settings: ResolvedSettings, environment: [String: String]) throws(ConfigurationError) {
        let paths = PathExpansion(home: environment["HOME"])
        self.settings = settings
        guard let listen = settings.text(ServerSetting.listen).flatMap(ListenAddress.init) else {
            throw .malformed(ServerSetting.listen, settings.entry(ServerSetting.listen).source, found: "")
        }
        self.listen = listen
        publicURL = settings.text(ServerSetting.publicURL).flatMap(PublicOrigin.init)
        dataDirectory = try paths.whole(ServerSetting.dataDirectory, in: settings) ?? "."
        databasePasswordFile = try paths.whole(ServerSetting.databasePasswordFile, in: settings)
        database = try Self.database(settings, in: dataDirectory, passwordFile: databasePasswordFile)
        tls = try Self.tls(settings, paths)
        trustedProxies = settings.list(ServerSetting.trustedProxies).compactMap { try? AddressRange(parsing: $0) }
        allowPlainHTTP = settings.flag(ServerSetting.allowPlainHTTP)
        masterKey = try Self.masterKey(settings, paths, environment)
        agentBinaryDirectory = try paths.whole(ServerSetting.agentBinaryDirectory, in: settings)
        agentImage = settings.text(ServerSetting.agentImage) ?? "claviger-agent:latest"
        metricsTokenFile = try paths.whole(ServerSetting.metricsTokenFile, in: settings)
        try checkExposure()
        try checkIntervals()
    }

    package func seconds(_ setting: SettingDeclaration) -> Duration { .seconds(settings.integer(setting)) }

    /// Whether the start has to warn that tokens travel in clear text.
    package var isPlainBeyondLoopback: Bool {
        !listen.isLoopback && tls == nil && trustedProxies.isEmpty && allowPlainHTTP
    }

    /// OPS-3: beyond loopback only with TLS, behind a trusted proxy, or by the one explicit flag.
    private func checkExposure() throws(ConfigurationError) {
        guard !listen.isLoopback, tls == nil, trustedProxies.isEmpty, !allowPlainHTTP else { return }
        let source = settings.entry(ServerSetting.listen).source.naming(ServerSetting.listen)
        throw ConfigurationError(
            .contradiction,
            "\(source): \(listen.text) can be reached from other machines, and tokens would travel in clear text; "
                + "set tls_certificate and tls_private_key, or trusted_proxies, or listen on 127.0.0.1, "
                + "or set allow_plain_http to true if you accept that."
        )
    }

    private func checkIntervals() throws(ConfigurationError) {
        let idle = ServerSetting.channelIdleSeconds
        guard settings.integer(idle) <= settings.integer(ServerSetting.channelPingSeconds) else { return }
        throw ConfigurationError(
            .contradiction,
            "\(settings.entry(idle).source.naming(idle)): \(settings.integer(idle)) is not more than "
                + "channel_ping_seconds (\(settings.integer(ServerSetting.channelPingSeconds))); it must be."
        )
    }

    private static func tls(
        _ settings: ResolvedSettings,
        _ paths: PathExpansion
    ) throws(ConfigurationError) -> TLSFiles? {
        let certificate = try paths.whole(ServerSetting.tlsCertificate, in: settings)
        let privateKey = try paths.whole(ServerSetting.tlsPrivateKey, in: settings)
        switch (certificate, privateKey) {
        case (nil, nil):
            return nil
        case (let certificate?, let privateKey?):
            return TLSFiles(certificate: certificate, privateKey: privateKey)
        default:
            let present = certificate == nil ? ServerSetting.tlsPrivateKey : ServerSetting.tlsCertificate
            let missing = certificate == nil ? ServerSetting.tlsCertificate : ServerSetting.tlsPrivateKey
            throw ConfigurationError(
                .contradiction,
                "\(settings.entry(present).source.naming(present)): needs \(missing.key) as well; TLS takes both."
            )
        }
    }

    private static func masterKey(
        _ settings: ResolvedSettings,
        _ paths: PathExpansion,
        _ environment: [String: String]
    ) throws(ConfigurationError) -> MasterKeyOrigin {
        var origins: [(name: String, origin: MasterKeyOrigin)] = []
        let file = ServerSetting.masterKeyFile
        let command = ServerSetting.masterKeyCommand
        if let path = try paths.whole(file, in: settings) {
            origins.append((settings.entry(file).source.naming(file), .file(path)))
        }
        if let words = settings.text(command) {
            origins.append((settings.entry(command).source.naming(command), .command(words)))
        }
        if environment[KnownVariables.masterKey.name] != nil {
            origins.append(("environment variable \(KnownVariables.masterKey.name)", .environment))
        }
        guard origins.count < 2 else {
            let names = origins.map(\.name).joined(separator: " and ")
            throw ConfigurationError(.contradiction, "\(names): the master key has one origin; keep one of them.")
        }
        return origins.first?.origin ?? .dataDirectory
    }
}

/// Makes paths of settings whole: a leading `~/` becomes the home directory.
struct PathExpansion {
    let home: String?

    func whole(_ setting: SettingDeclaration, in settings: ResolvedSettings) throws(ConfigurationError) -> String? {
        guard let path = settings.text(setting) else { return nil }
        guard path == "~" || path.hasPrefix("~/") else { return path }
        guard let home, home.hasPrefix("/") else {
            throw ConfigurationError(
                .malformedValue,
                "\(settings.entry(setting).source.naming(setting)): '\(path)' needs the variable HOME, which is unset; "
                    + "give a whole path."
            )
        }
        return home + path.dropFirst()
    }
}
