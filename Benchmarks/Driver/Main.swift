import SQLDatabase
import SQLiteDriver

/// Measures the embedded database's driver: single-row look-ups and durable write transactions per second.
///
///     Benchmarks/run driver [DIRECTORY]
///
/// Each figure is the median of five rounds, after one that does not count. The database lies in DIRECTORY, by default
/// the working one, for a figure means nothing but with the disk it was taken on; `synchronous=FULL` is read back first.
@main
struct Main {
    static func main() async throws {
        let directory = try TemporaryDirectory(in: CommandLine.arguments.dropFirst().first ?? ".")
        defer { directory.remove() }
        let database = try SQLiteDatabase(.file(directory.path + "/benchmark.db"))
        guard try await database.writerSetting("synchronous") == "2" else {
            throw DatabaseError(.statement, "The database is not at synchronous=FULL.")
        }
        let load = Load(database: database)
        try await load.fill()
        print("SQLite driver, synchronous=FULL, medians of \(Rounds.count) rounds")
        for readers in [1, 64] {
            try await report("single-row look-ups, \(readers) at once") { try await load.lookUps(100_000, at: readers) }
        }
        try await report("write transactions, 1 writer") { try await load.writes(2_000, at: 1) }
        try await report("write transactions, 64 writers") { try await load.writes(64_000, at: 64) }
        await database.close()
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
