import SQLDatabase
import Testing

/// A generator with a seed, so that a failing run can be repeated.
private struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    // SplitMix64.
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

@Suite("DST-1: random operations agree with a model on every engine")
struct ModelTests {
    private struct Record: Hashable, Sendable {
        var value: String?
        var version: Int64
    }

    private enum Operation: Sendable {
        case insert(key: Int64, value: String?)
        case replace(key: Int64, value: String?)
        case compareAndSwap(key: Int64, version: Int64, value: String?)
        case delete(key: Int64)
        case duplicate(key: Int64)
        case fail
    }

    private struct Refusal: Error {}

    @Test("DST-1: what a random history leaves behind is what the model says", arguments: Engine.all)
    func randomHistory(engine: Engine) async throws {
        let seed = UInt64.random(in: 0 ... .max)
        var generator = SeededGenerator(seed: seed)
        try await engine.withDatabase { database in
            let table = "CREATE TABLE item (key {int} NOT NULL UNIQUE, value {text}, version {int} NOT NULL) {strict}"
            try await database.write { tx in try tx.executeSchema(SchemaWords.replace(in: table, for: tx.dialect)) }
            var model: [Int64: Record] = [:]
            for round in 0..<400 {
                let operations = (0..<Int.random(in: 1...8, using: &generator)).map { _ in
                    Self.operation(from: &generator)
                }
                let expected = Self.apply(operations, to: model)
                let done: Void? = try? await database.write { tx in
                    for operation in operations { try Self.run(operation, in: tx) }
                }
                #expect((done != nil) == (expected != nil), "seed \(seed), round \(round)")
                model = expected ?? model
                let stored = try await database.read { tx in
                    try tx.rows("SELECT key, value, version FROM item ORDER BY key") { row in
                        (try row.int(0), Record(value: try row.optionalText(1), version: try row.int(2)))
                    }
                }
                try #require(Dictionary(stored, uniquingKeysWith: { $1 }) == model, "seed \(seed), round \(round)")
            }
        }
    }

    private static func operation(from generator: inout SeededGenerator) -> Operation {
        let key = Int64.random(in: 0..<20, using: &generator)
        let value = ["", "a", "é🦩", nil].randomElement(using: &generator) ?? nil
        return switch Int.random(in: 0..<20, using: &generator) {
        case 0..<6: .insert(key: key, value: value)
        case 6..<10: .replace(key: key, value: value)
        case 10..<15: .compareAndSwap(key: key, version: Int64.random(in: 1..<4, using: &generator), value: value)
        case 15..<18: .delete(key: key)
        case 18: .duplicate(key: key)
        default: .fail
        }
    }

    /// The model after the operations, or nothing if the transaction has to fail.
    private static func apply(_ operations: [Operation], to model: [Int64: Record]) -> [Int64: Record]? {
        var model = model
        for operation in operations {
            switch operation {
            case .insert(let key, let value):
                if model[key] == nil { model[key] = Record(value: value, version: 1) }
            case .replace(let key, let value):
                model[key] = Record(value: value, version: (model[key]?.version ?? 0) + 1)
            case .compareAndSwap(let key, let version, let value):
                if model[key]?.version == version { model[key] = Record(value: value, version: version + 1) }
            case .delete(let key): model[key] = nil
            case .duplicate(let key):
                guard model[key] == nil else { return nil }
                model[key] = Record(value: nil, version: 1)
            case .fail: return nil
            }
        }
        return model
    }

    private static func run(_ operation: Operation, in tx: borrowing Transaction) throws {
        switch operation {
        case .insert(let key, let value):
            try tx.execute(
                "INSERT INTO item (key, value, version) VALUES (?, ?, 1) ON CONFLICT DO NOTHING",
                [.int(key), .text(value)]
            )
        case .replace(let key, let value):
            try tx.execute(
                """
                INSERT INTO item (key, value, version) VALUES (?, ?, 1)
                ON CONFLICT (key) DO UPDATE SET value = excluded.value, version = item.version + 1
                """,
                [.int(key), .text(value)]
            )
        case .compareAndSwap(let key, let version, let value):
            try tx.execute(
                "UPDATE item SET value = ?, version = version + 1 WHERE key = ? AND version = ?",
                [.text(value), .int(key), .int(version)]
            )
        case .delete(let key): try tx.execute("DELETE FROM item WHERE key = ?", [.int(key)])
        case .duplicate(let key): try tx.execute("INSERT INTO item (key, version) VALUES (?, 1)", [.int(key)])
        case .fail: throw Refusal()
        }
    }
}
