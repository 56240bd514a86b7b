import Glibc
import Logging
import PostgresDriver
import SQLDatabase
import SQLiteDriver

/// Measures the database drivers: single-row look-ups and durable write transactions per second.
///
///     Benchmarks/run driver [DIRECTORY]
///
/// Each figure is the median of five rounds, after one that does not count. The SQLite database lies in DIRECTORY, by
/// default the working one, for a figure means nothing but with the disk it was taken on; `synchronous=FULL` is read
/// back first. With a `postgres://` URL in `CLAVIGER_BENCHMARK_POSTGRES` that server is measured too, in a schema that
/// is dropped afterwards; whether it flushes (`fsync`) is shown, because Scripts/with-postgres turns that off.
@main
struct Main {
    static func main() async throws {
        let directory = try TemporaryDirectory(in: CommandLine.arguments.dropFirst().first ?? ".")
        defer { directory.remove() }
        let database = try SQLiteDatabase(.file(directory.path + "/benchmark.db"))
        guard try await database.writerSetting("synchronous") == "2" else {
            throw DatabaseError(.statement, "The database is not at synchronous=FULL.")
        }
        print("SQLite driver, synchronous=FULL, medians of \(Rounds.count) rounds")
        try await measure(database, lookUps: 100_000)
        await database.close()
        if let url = getenv("CLAVIGER_BENCHMARK_POSTGRES") { try await measurePostgres(String(cString: url)) }
    }

    private static func measurePostgres(_ url: String) async throws {
        let server = try await open(url)
        let flushes = try await server.read { try $0.first("SELECT current_setting('fsync')")?.text(0) } ?? "unknown"
        try await server.write { try $0.executeSchema("CREATE SCHEMA driver_benchmark") }
        let place = (url.contains("?") ? "&" : "?") + "options=-csearch_path%3Ddriver_benchmark"
        let database = try await open(url + place)
        print("PostgreSQL driver, 8 connections, fsync \(flushes), medians of \(Rounds.count) rounds")
        try await measure(database, lookUps: 20_000)
        await database.close()
        try await server.write { try $0.executeSchema("DROP SCHEMA driver_benchmark CASCADE") }
        await server.close()
    }

    private static func open(_ url: String) async throws -> PostgresDatabase {
        var configuration = try PostgresConfiguration(url: url, password: nil)
        configuration.waitLimit = .seconds(60)
        let database = PostgresDatabase(configuration, logger: Logger(label: "benchmark"))
        try await database.start()
        return database
    }

    private static func measure(_ database: any Database, lookUps: Int) async throws {
        let load = Load(database: database)
        try await load.fill()
        try await report("look-ups in one transaction") { try await load.lookUpsTogether(lookUps) }
        for readers in [1, 64] {
            try await report("single-row look-ups, \(readers) at once") { try await load.lookUps(lookUps, at: readers) }
        }
        try await report("write transactions, 1 writer") { try await load.writes(2_000, at: 1) }
        try await report("write transactions, 64 writers") { try await load.writes(lookUps * 16 / 25, at: 64) }
    }

    private static func report(_ name: String, _ round: @Sendable () async throws -> Double) async throws {
        let rates = try await Rounds.run(round)
        let spread = "\(Int(rates.first ?? 0))–\(Int(rates.last ?? 0))"
        print("\(name): \(Int(rates[rates.count / 2])) /s (\(spread))")
    }
}

enum Rounds {
    static let count = 5

    /// The rates of all rounds that count, in ascending order.
    static func run(_ round: @Sendable () async throws -> Double) async throws -> [Double] {
        _ = try await round()
        var rates: [Double] = []
        for _ in 0..<count { rates.append(try await round()) }
        return rates.sorted()
    }
}
