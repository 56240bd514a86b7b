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

    /// Opens what the commands stand on, and closes it whatever happens.
    ///
    /// What `changesSchema` is false for finds a database as it is, or none.
    static func onHost<T: Sendable>(
        _ configuration: ServerConfiguration,
        _ environment: [String: String],
        changesSchema: Bool = true,
        _ body: (ServerFoundation, Caller) async throws -> T
    ) async throws -> T {
        let directory = try DataDirectory(existing: configuration.dataDirectory)
        if changesSchema {
            try prepareFiles(configuration.database)
        } else {
            try requireFile(configuration.database)
        }
        let foundation = try await ServerFoundation.open(
            configuration,
            directory,
            environment: environment,
            isBrief: true,
            migrates: changesSchema,
            logger: quietLogger(configuration)
        )
        let caller = Caller.host(
            user: ProcessInfo.processInfo.userName,
            requestID: foundation.ids.next(EventID.self).text
        )
        do {
            let answer = try await body(foundation, caller)
            await foundation.database.close()
            return answer
        } catch {
            await foundation.database.close()
            throw explain(error, foundation.opened)
        }
    }

    private static func explain(_ error: any Error, _ opened: OpenedDatabase) -> any Error {
        switch error {
        case let error as ControlPlaneError:
            opened.refusal(error.cause as? DatabaseError) ?? HostError(.refused, error.message)
        case let error as SealingError: HostError(.masterKey, error.message)
        case let error as DatabaseError: opened.refusal(error) ?? error
        default: error
        }
    }

    /// A host command says what it did by itself; only what is wrong is logged.
    static func quietLogger(_ configuration: ServerConfiguration) -> Logger {
        var logger = ServerLogging.logger(configuration)
        logger.logLevel = max(logger.logLevel, .warning)
        return logger
    }

    /// Made here, a new file and its reserve belong to the directory's owner like every file of the directory.
    static func prepareFiles(_ database: DatabaseLocation) throws(HostError) {
        guard case .sqlite(let path) = database else { return }
        for path in [path, path + "-reserve"] { try PrivateFile.makeIfMissing(path) }
    }

    private static func requireFile(_ database: DatabaseLocation) throws(HostError) {
        guard case .sqlite(let path) = database, access(path, F_OK) != 0 else { return }
        throw .last(.file, "database \(path): can't be opened")
    }

    /// Where the server is reached: as configured, or as the running server says.
    static func publicURL(_ configuration: ServerConfiguration) -> String {
        configuration.publicURL?.text ?? RuntimeFile.read(inDirectory: configuration.dataDirectory)?.url
            ?? "http\(configuration.tls == nil ? "" : "s")://\(configuration.listen.text)"
    }
}
