import ControlPlane
import Domain
import Glibc
import Logging
import NIOCore
import NIOPosix
import SQLDatabase
import ServiceLifecycle
import UnixSignals

/// `claviger serve` from the first check to the last byte.
package enum ServerProcess {
    /// Serves until SIGTERM or SIGINT, then lets requests and channels end.
    ///
    /// `terminal` writes to the person who watches, if somebody does.
    package static func run(
        _ configuration: ServerConfiguration,
        environment: [String: String],
        terminal: (@Sendable (String) -> Void)?
    ) async throws {
        let logger = ServerLogging.logger(configuration)
        ProcessLimits.closeFileMode()
        ProcessLimits.refuseCoreFiles()
        ProcessLimits.raiseOpenFiles()
        if configuration.isPlainBeyondLoopback {
            logger.warning("tokens travel in clear text: allow_plain_http is set")
        }
        let directory = try DataDirectory(making: configuration.dataDirectory)
        let lock = try DataDirectoryLock(directory)
        let reservation = PortReservation(configuration.listen)
        let address = configuration.listen.with(port: reservation.port)
        let foundation = try await ServerFoundation.open(
            configuration,
            directory,
            environment: environment,
            logger: logger
        )
        let served = ServedAddress(configuration, address)
        do {
            let assembly = try await ServerAssembly(foundation, publicURL: served.publicURL)
            try await announceSetup(assembly, directory, served, terminal)
            try await serve(assembly, foundation, directory, served)
        } catch {
            await foundation.database.close()
            PrivateFile.remove(directory.runtimeFile)
            throw Self.explain(error, address, foundation.opened)
        }
        PrivateFile.remove(directory.runtimeFile)
        lock.hold()
        reservation.hold()
    }

    private static func serve(
        _ assembly: ServerAssembly,
        _ foundation: ServerFoundation,
        _ directory: DataDirectory,
        _ served: ServedAddress
    ) async throws {
        let (configuration, logger) = (foundation.configuration, foundation.logger)
        let group = MultiThreadedEventLoopGroup(numberOfThreads: Self.threads(configuration))
        let application = assembly.application(on: served.address, group: group) {
            do {
                let file = RuntimeFile(url: served.localURL, processID: Int(getpid()))
                try file.write(in: directory)
                logger.notice("ready", metadata: ["url": "\(served.localURL)", "public_url": "\(served.publicURL)"])
            } catch {
                logger.error("the runtime file could not be written", metadata: ["error": "\(error)"])
            }
        }
        let services: [any Service] =
            [DatabaseCloser(database: foundation.database)] + (try await assembly.services.background())
            + [application, ChannelCloser(channels: assembly.services.channels)]
        var settings = ServiceGroupConfiguration(
            services: services.map { .init(service: $0) },
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: logger
        )
        settings.maximumGracefulShutdownDuration = configuration.seconds(ServerSetting.shutdownGraceSeconds)
        try await ServiceGroup(configuration: settings).run()
        try await group.shutdownGracefully()
        logger.notice("stopped")
    }

    /// Makes organization, workspace and setup secret on a new database; forgets the link once there is an owner.
    private static func announceSetup(
        _ assembly: ServerAssembly,
        _ directory: DataDirectory,
        _ served: ServedAddress,
        _ terminal: (@Sendable (String) -> Void)?
    ) async throws {
        let caller = Caller.system(job: "start", requestID: "start")
        if let secret = try await assembly.services.setup.firstStart(caller: caller) {
            let announcement = SetupAnnouncement(
                publicURL: served.publicURL,
                directory: directory,
                terminal: terminal
            )
            try announcement.announce(secret)
        } else if try await !assembly.services.setup.isOpen() {
            PrivateFile.remove(directory.setupLinkFile)
        }
    }

    private static func threads(_ configuration: ServerConfiguration) -> Int {
        let wanted = configuration.settings.integer(ServerSetting.eventLoopThreads)
        return wanted > 0 ? wanted : min(4, max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))))
    }

    /// Names the address or the database if that is what failed.
    private static func explain(
        _ error: any Error,
        _ address: ListenAddress,
        _ opened: OpenedDatabase
    ) -> any Error {
        switch error {
        case let error as NIOCore.IOError:
            HostError(
                .address,
                "listen \(address.text): can't listen there (\(String(cString: strerror(error.errnoCode))))."
            )
        case let error as ControlPlaneError:
            opened.refusal(error.cause as? DatabaseError) ?? .init(.database, error.message)
        case let error as DatabaseError: opened.refusal(error) ?? error
        default: error
        }
    }
}
