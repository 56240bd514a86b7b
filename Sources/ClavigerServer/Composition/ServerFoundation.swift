package import ControlPlane
package import Domain
package import Logging
package import SQLDatabase
package import Sealing
package import Store

/// What serving and the host's commands stand on: the opened database, the keys, time, randomness and ids.
package struct ServerFoundation: Sendable {
    package let configuration: ServerConfiguration
    let opened: OpenedDatabase
    package let keys: KeyRingService
    package let masterKeySource: MasterKeySource
    package let clock: DatabaseClock
    package let ids: IDSource
    package let random: RandomSource
    package let node: NodeIdentity
    package let logger: Logger

    /// Opens the database of a data directory, brings its schema up to date, and opens the keys.
    ///
    /// A brief command may leave the schema alone, and is refused where it isn't up to date.
    package static func open(
        _ configuration: ServerConfiguration,
        _ directory: DataDirectory,
        environment: [String: String],
        isBrief: Bool = false,
        migrates: Bool = true,
        logger: Logger
    ) async throws -> ServerFoundation {
        let clock = SystemClock.make(environment: environment)
        let random = RandomSource.system
        let ids = IDSource(clock: WallClock { clock.now() }, random: random)
        let node = NodeIdentity(name: try NodeName.read(in: directory, random: random), random: random)
        let opened = try await OpenedDatabase.open(configuration, isBrief: isBrief, logger: logger)
        try await opened.use { try await clock.measure(opened.database) }
        if migrates {
            try await opened.migrate(now: clock.now().microseconds)
        } else {
            try await opened.requireSchema()
        }
        let source = masterKeySource(configuration, directory, environment)
        do {
            let keys = try await KeyRingService.open(
                database: opened.database,
                source: source,
                now: clock.now(),
                ids: ids,
                random: random,
                logger: logger
            )
            return ServerFoundation(
                configuration: configuration,
                opened: opened,
                keys: keys,
                masterKeySource: source,
                clock: clock,
                ids: ids,
                random: random,
                node: node,
                logger: logger
            )
        } catch let error as SealingError {
            await opened.database.close()
            throw HostError(.masterKey, error.message)
        } catch {
            await opened.database.close()
            throw opened.refusal(error as? DatabaseError) ?? error
        }
    }

    package var database: any Database { opened.database }

    /// The context of use cases, for a public URL that is known by now.
    package func context(publicURL: String) -> ControlPlaneContext {
        ControlPlaneContext(
            database: database,
            now: { [clock] in clock.now() },
            ids: ids,
            random: random,
            hashers: keys.hashers,
            logger: logger,
            publicURL: publicURL,
            node: node
        )
    }

    /// What may hold the database's password, and is none of another program's business.
    private static let databaseVariables = Set(ServerSetting.database.variables + ["PGPASSWORD"])

    private static func masterKeySource(
        _ configuration: ServerConfiguration,
        _ directory: DataDirectory,
        _ environment: [String: String]
    ) -> MasterKeySource {
        switch configuration.masterKey {
        case .dataDirectory: .file(path: directory.masterKeyFile)
        case .file(let path): .file(path: path)
        case .command(let words): .command(words, timeLimit: .seconds(30), hiding: databaseVariables)
        case .environment:
            .environment(
                name: KnownVariables.masterKey.name,
                value: environment[KnownVariables.masterKey.name] ?? ""
            )
        }
    }
}
