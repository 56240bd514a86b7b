import StrictJSON
import Testing

/// Random values survive writing and reading.
@Suite struct RoundTripTests {
    @Test("Random values are read back as they were written")
    func roundTrips() throws {
        let seed = UInt64.random(in: .min ... .max)
        var source = RandomValues(state: seed)
        for round in 0..<2_000 {
            let value = source.value(depth: 6)
            #expect(try JSONValue(parsing: value.bytes) == value, "seed \(seed), round \(round)")
            #expect(try StrictJSONEncoder().encode(value) == value.bytes, "seed \(seed), round \(round)")
            let decoded = try StrictJSONDecoder().decode(JSONValue.self, from: value)
            #expect(decoded == value, "seed \(seed), round \(round)")
        }
    }
}

/// A small random generator with a seed (SplitMix64), and JSON values from it.
private struct RandomValues: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func string() -> String {
        let alphabet = ["a", "Z", "\"", "\\", "/", "\n", "\u{1}", "\u{1F}", "\u{7F}", "é", "€", "😀", "\u{301}", "~"]
        return (0..<Int.random(in: 0...12, using: &self)).map { _ in alphabet.randomElement(using: &self) ?? "" }
            .joined()
    }

    mutating func value(depth: Int) -> JSONValue {
        switch Int.random(in: 0..<(depth > 0 ? 7 : 5), using: &self) {
        case 0: return .null
        case 1: return .bool(Bool.random(using: &self))
        case 2: return .integer(Int64(bitPattern: next()) >> Int64.random(in: 0..<63, using: &self))
        case 3:
            let number = Double(bitPattern: next())
            return .double(number.isFinite ? number : 0.5)
        case 4: return .string(string())
        case 5: return .array((0..<Int.random(in: 0...5, using: &self)).map { _ in value(depth: depth - 1) })
        default:
            let count = Int.random(in: 0...20, using: &self)
            return .object(JSONObject((0..<count).map { _ in (string(), value(depth: depth - 1)) }))
        }
    }
}
