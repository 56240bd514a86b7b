import ControlPlane
import Domain
import Logging
import SQLDatabase
import SQLiteDriver
import Sealing
import Store
import Synchronization
import TestDatabases
import Testing

/// A server's use cases of access, on a real database in a directory of its own, with a clock that is moved by hand.
struct AccessBench {
    let directory: String
    let clock: BenchClock
    let database: any Database
    let keys: KeyRingService
    let context: ControlPlaneContext
    let denials: DenialRecorder
    let passwords: PasswordService
    let authentication: AuthenticationService
    let waits: Waits

    /// Runs a test on a new bench and throws it away afterwards.
    static func run<T>(_ body: (AccessBench) async throws -> T) async throws -> T {
        let folder = try TemporaryDirectory()
        defer { folder.remove() }
        let directory = folder.path
        return try await ChosenEngine.withDatabase(
            embedded: { try SQLiteDatabase(.file(directory + "/claviger.db")) },
            { try await body(AccessBench(directory: directory, database: $0)) }
        )
    }

    init(directory: String, database: any Database, clock: BenchClock = BenchClock()) async throws {
        self.directory = directory
        self.database = database
        self.clock = clock
        let wall = WallClock { clock.now() }
        let ids = IDSource(clock: wall, random: .system)
        try await Schema.migrate(database, now: clock.now().microseconds)
        keys = try await KeyRingService.open(
            database: database,
            source: .file(path: directory + "/master.key"),
            now: clock.now(),
            ids: ids,
            random: .system,
            logger: Logger(label: "test")
        )
        context = ControlPlaneContext(
            database: database,
            now: { clock.now() },
            ids: ids,
            random: .system,
            hashers: keys.hashers,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            publicURL: "https://claviger.example"
        )
        denials = DenialRecorder(context: context)
        authentication = AuthenticationService(context: context, denials: denials)
        passwords = PasswordService(context: context, parameters: .init(logN: 10, r: 8, p: 1))
        waits = Waits()
    }

    var setup: SetupService { SetupService(context: context, passwords: passwords, denials: denials) }
    var settings: SettingsService { SettingsService(context: context) }
    var audit: AuditService { AuditService(context: context) }
    var idempotency: IdempotencyService { IdempotencyService(context: context) }
    var accounts: AccountService {
        AccountService(context: context, passwords: passwords, denials: denials) { [waits] in waits.add($0) }
    }

    let host = Caller.host(user: "root", requestID: "req-host")
    static let email = "ada@example.org"
    static let password = "correct horse battery"

    func stranger(_ address: String = "192.0.2.1") -> Caller {
        .anonymous(address: address, userAgent: "test/1", requestID: "req-1", surface: .api)
    }

    /// Creates the first owner and answers them signed in.
    func owner() async throws -> (signedIn: SignedIn, caller: Caller) {
        let secret = try #require(try await setup.firstStart(caller: host))
        let signedIn = try await setup.complete(
            secret: secret.token.revealed(),
            email: Self.email,
            name: "Ada",
            password: Self.password,
            caller: stranger()
        )
        return (signedIn, try await caller(of: signedIn))
    }

    func caller(of signedIn: SignedIn) async throws -> Caller {
        try await authentication.authenticate(bearer: signedIn.token.revealed(), origin: stranger())
    }

    /// All audit events of the server and of the organization, newest first.
    func events(_ organization: OrganizationID?) async throws -> [AuditEvent] {
        try await database.read { tx in
            try AuditStore.list(organization: organization, limit: 200, in: tx).elements
        }
    }
}

/// A clock that stands still until it is moved.
final class BenchClock: Sendable {
    private let instant = Mutex(Instant(microseconds: 1_795_222_207_000_000))

    func now() -> Instant { instant.withLock { $0 } }
    func advance(by duration: Duration) { instant.withLock { $0 += duration } }
}

/// The waits that somebody was asked for, none of them waited.
final class Waits: Sendable {
    private let durations = Mutex<[Duration]>([])

    var all: [Duration] { durations.withLock { $0 } }
    func add(_ duration: Duration) { durations.withLock { $0.append(duration) } }
}

/// Expects a use case to be refused with this code.
func expectRefusal<T>(
    _ code: ControlPlaneError.Code,
    sourceLocation: SourceLocation = #_sourceLocation,
    _ body: () async throws -> T
) async {
    await #expect(throws: ControlPlaneError(code, ""), sourceLocation: sourceLocation) { try await body() }
}
