package import ControlPlane
package import Domain
package import Logging
package import SQLDatabase
import SQLiteDriver
package import Sealing
package import Store

/// What serving and the host's commands stand on: the opened database, the keys, time, randomness and ids.
package struct ServerFoundation: Sendable {
    package let configuration: ServerConfiguration
    package let database: any Database
    package let keys: KeyRingService
    package let masterKeySource: MasterKeySource
    package let clock: DatabaseClock
    package let ids: IDSource
    package let random: RandomSource
    package let logger: Logger

    /// Opens the database of a data directory, brings its schema up to date, and opens the keys.
    package static func open(
        _ configuration: ServerConfiguration,
        _ directory: DataDirectory,
        environment: [String: String],
        logger: Logger
    ) async throws -> ServerFoundation {
        let clock = DatabaseClock(wall: SystemClock.make(environment: environment))
        let random = RandomSource.system
        let ids = IDSource(clock: WallClock { clock.now() }, random: random)
        let database = try await openDatabase(configuration.databasePath, now: clock.now())
        let source = masterKeySource(configuration, directory, environment)
        do {
            let keys = try await KeyRingService.open(
                database: database,
                source: source,
                now: clock.now(),
                ids: ids,
                random: random,
                logger: logger
            )
            return ServerFoundation(
                configuration: configuration,
                database: database,
                keys: keys,
                masterKeySource: source,
                clock: clock,
                ids: ids,
                random: random,
                logger: logger
            )
        } catch let error as SealingError {
            await database.close()
            throw HostError(.masterKey, error.message)
        } catch {
            await database.close()
            throw error
        }
    }

    /// The context of use cases, for a public URL that is known by now.
    package func context(publicURL: String) -> ControlPlaneContext {
        ControlPlaneContext(
            database: database,
            now: { [clock] in clock.now() },
            ids: ids,
            random: random,
            hashers: keys.hashers,
            logger: logger,
            publicURL: publicURL
        )
    }

    private static func openDatabase(_ path: String, now: Instant) async throws -> any Database {
        do {
            let database = try SQLiteDatabase(.file(path))
            do {
                try await Schema.migrate(database, now: now.microseconds)
            } catch {
                await database.close()
                throw error
            }
            return database
        } catch let error as DatabaseError {
            throw HostError(.database, "database \(path): \(error.message)")
        }
    }

    private static func masterKeySource(
        _ configuration: ServerConfiguration,
        _ directory: DataDirectory,
        _ environment: [String: String]
    ) -> MasterKeySource {
        switch configuration.masterKey {
        case .dataDirectory: .file(path: directory.masterKeyFile)
        case .file(let path): .file(path: path)
        case .command(let words): .command(words, timeLimit: .seconds(30))
        case .environment:
            .environment(
                name: KnownVariables.masterKey.name,
                value: environment[KnownVariables.masterKey.name] ?? ""
            )
        }
    }
}
