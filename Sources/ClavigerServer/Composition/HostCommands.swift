import ControlPlane
import Domain
import FoundationEssentials
import Glibc
import Logging
import SQLDatabase
import Sealing
import Store

/// What can be done on the server's machine by whoever may read the data directory, while the server runs or not.
package enum HostCommands {
    /// Makes another setup link while there is no owner (ORG-2).
    package static func newSetupLink(
        _ configuration: ServerConfiguration,
        environment: [String: String]
    ) async throws -> String {
        try await onHost(configuration, environment) { foundation, caller in
            let publicURL = Self.publicURL(configuration)
            let context = foundation.context(publicURL: publicURL)
            let setup = SetupService(
                context: context,
                passwords: PasswordService(context: context),
                denials: DenialRecorder(context: context)
            )
            let link = SetupAnnouncement.link(try await setup.newLink(caller: caller).token, publicURL: publicURL)
            // The link that lay there is worthless now; `claviger setup` would go on taking it.
            let directory = try DataDirectory(existing: configuration.dataDirectory)
            try PrivateFile.write(link + "\n", to: directory.setupLinkFile)
            return link
        }
    }

    /// Makes a recovery secret for an owner, the oldest one if no address is given (ORG-3).
    package static func recoverOwner(
        _ configuration: ServerConfiguration,
        environment: [String: String],
        email: String?
    ) async throws -> String {
        try await onHost(configuration, environment) { foundation, caller in
            let context = foundation.context(publicURL: Self.publicURL(configuration))
            let accounts = AccountService(
                context: context,
                passwords: PasswordService(context: context),
                denials: DenialRecorder(context: context)
            )
            return try await accounts.recoverOwner(email: email, caller: caller).token.revealed()
        }
    }

    /// Changes the master key; answers how many data keys were wrapped anew (OPS-2).
    package static func rotateMasterKey(
        _ configuration: ServerConfiguration,
        environment: [String: String]
    ) async throws -> Int {
        try await onHost(configuration, environment) { foundation, caller in
            let rotation = MasterKeyRotation(
                context: .init(
                    database: foundation.database,
                    now: { foundation.clock.now() },
                    ids: foundation.ids,
                    random: foundation.random
                )
            )
            return try await rotation.rotate(source: foundation.masterKeySource, caller: caller).rewrapped
        }
    }

    private static func onHost<T: Sendable>(
        _ configuration: ServerConfiguration,
        _ environment: [String: String],
        _ body: (ServerFoundation, Caller) async throws -> T
    ) async throws -> T {
        let directory = try DataDirectory(existing: configuration.dataDirectory)
        var logger = ServerLogging.logger(configuration)
        logger.logLevel = max(logger.logLevel, .warning)
        // Made here, a new database and its reserve belong to the directory's owner like every file of the directory.
        for path in [configuration.databasePath, configuration.databasePath + "-reserve"]
        where access(path, F_OK) != 0 && errno == ENOENT {
            try PrivateFile.write("", to: path)
        }
        let foundation = try await ServerFoundation.open(
            configuration,
            directory,
            environment: environment,
            logger: logger
        )
        let caller = Caller.host(
            user: ProcessInfo.processInfo.userName,
            requestID: foundation.ids.next(EventID.self).text
        )
        do {
            let answer = try await body(foundation, caller)
            await foundation.database.close()
            return answer
        } catch let error as ControlPlaneError {
            await foundation.database.close()
            throw HostError(.refused, error.message)
        } catch let error as SealingError {
            await foundation.database.close()
            throw HostError(.masterKey, error.message)
        } catch {
            await foundation.database.close()
            throw error
        }
    }

    /// Where the server is reached: as configured, or as the running server says.
    private static func publicURL(_ configuration: ServerConfiguration) -> String {
        configuration.publicURL?.text ?? RuntimeFile.read(inDirectory: configuration.dataDirectory)?.url
            ?? "http\(configuration.tls == nil ? "" : "s")://\(configuration.listen.text)"
    }
}
