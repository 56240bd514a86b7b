import ControlPlane
import Domain
import Foundation
import Logging
import SQLDatabase
import SQLiteDriver
import Store

/// Measures the check of a token inside the process, without HTTP.
///
///     verify-benchmark [COUNT]           COUNT tokens in the store (1,000,000), the index bounded to 200,000
///     verify-benchmark rounds N          N checks of one known token and nothing else, for callgrind and memcheck
///     verify-benchmark strangers N       N checks of texts that nobody made, for memcheck
@main
struct Main {
    static func main() async throws {
        let words = CommandLine.arguments.dropFirst()
        if words.first == "rounds", let count = words.dropFirst().first.flatMap({ Int($0) }) {
            try await rounds(count) { $0.question(0) }
        } else if words.first == "strangers", let count = words.dropFirst().first.flatMap({ Int($0) }) {
            try await rounds(count) { $0.nobodys }
        } else {
            try await measure(words.first.flatMap { Int($0) } ?? 1_000_000)
        }
    }

    private static func rounds(_ count: Int, _ question: @Sendable (Hall) -> VerificationQuestion) async throws {
        let database = try SQLiteDatabase(.memory)
        let hall = try await Hall.make(database, tokens: 1)
        // Texts above the bound of look-ups are put off, which is an answer too.
        for _ in 0..<count { _ = try? await hall.service.verify(question(hall)) }
        await database.close()
    }

    private static func measure(_ count: Int) async throws {
        let path = "/tmp/claviger-verify-\(getpid()).db"
        defer { for end in ["", "-wal", "-shm", "-reserve"] { unlink(path + end) } }
        let database = try SQLiteDatabase(.file(path))
        let hall = try await Hall.make(database, tokens: count)
        print("\(count) tokens in the store, the index bounded to \(CredentialIndex.defaultCapacity)")
        // Few enough to keep their places beside the cold ones.
        let known = min(count, 50_000)
        for number in 0..<known { _ = try await hall.service.verify(hall.question(number)) }
        try await report("hit", 200_000) { number in
            hall.question(number * 7919 % known)
        } ask: {
            hall
        }
        reportUsage(hall)
        try await report("cold miss on SQLite", min(20_000, count / 4)) { number in
            hall.question(count - 1 - number)
        } ask: {
            hall
        }
        try await report("garbage, wrong checksum", 200_000) { _ in
            hall.garbage
        } ask: {
            hall
        }
        print("memory: \(megabytes()) MiB of its own, \(hall.service.indexSize)")
        try await report("garbage, right checksum, each text once", 50_000) { _ in
            hall.nobodys
        } ask: {
            hall
        }
        try await report("hit, after the garbage", 200_000) { number in
            hall.question(number * 7919 % known)
        } ask: {
            hall
        }
        print("memory: \(megabytes()) MiB of its own, \(hall.service.indexSize)")
        await database.close()
    }

    /// What remembering one use costs whoever is answered (ANA-2).
    private static func reportUsage(_ hall: Hall) {
        let count = 50_000
        var times: [Int64] = []
        times.reserveCapacity(count)
        for number in 0..<count {
            let begun = ContinuousClock.now
            hall.remember(number)
            times.append((ContinuousClock.now - begun).nanoseconds)
        }
        times.sort()
        print("a use remembered: p50 \(times[count / 2]) ns, p99 \(times[count * 99 / 100]) ns of \(count)")
    }

    private static func report(
        _ name: String,
        _ count: Int,
        _ question: (Int) -> VerificationQuestion,
        ask: () -> Hall
    ) async throws {
        let questions = (0..<count).map(question)
        var times: [Int64] = []
        times.reserveCapacity(count)
        let service = ask().service
        var refused = 0
        for question in questions {
            let begun = ContinuousClock.now
            do {
                _ = try await service.verify(question)
            } catch {
                // Unknown texts above the bound of look-ups.
                refused += 1
            }
            times.append((ContinuousClock.now - begun).nanoseconds)
        }
        times.sort()
        guard !times.isEmpty else { return }
        print("\(name): p50 \(times[count / 2]) ns, p99 \(times[count * 99 / 100]) ns of \(count), \(refused) put off")
    }

    /// What belongs to this process alone (RssAnon).
    private static func megabytes() -> Int {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("RssAnon:") }
        return (line?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) / 1024
    }
}

extension Duration {
    fileprivate var nanoseconds: Int64 { components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000 }
}
