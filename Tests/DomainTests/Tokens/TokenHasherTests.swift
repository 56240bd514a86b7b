import Domain
import Testing

@Suite("Token hashes")
struct TokenHasherTests {
    private let first = Pepper(id: 1, secret: Array(0..<32))
    private let second = Pepper(id: 2, secret: [UInt8](repeating: 7, count: 32))

    @Test("the hash is HMAC-SHA-256 under the pepper")
    func vector() throws {
        let token = try Token(parsing: "clv_ag_000000000000000000000000000000001wLlVb")
        let stored = TokenHasher(newest: first).hash(token)
        let expected = "6d662648e91500cebd5f1a92dafb35b47977466aa3f134466f055a32aa64eada"
        #expect(stored.pepperID == 1)
        #expect(stored.hash.bytes.map { hex($0) }.joined() == expected)
        #expect(TokenHash(bytes: stored.hash.bytes) == stored.hash)
    }

    @Test("a token is looked for under every pepper and stored under the newest")
    func peppers() throws {
        let hasher = try #require(TokenHasher(peppers: [second, first]))
        let token = Token.make(.session, random: .system)
        #expect(hasher.hash(token).pepperID == 2)
        #expect(hasher.candidates(token).map(\.pepperID) == [2, 1])
        #expect(hasher.candidates(token)[1] == TokenHasher(newest: first).hash(token))
        #expect(hasher.candidates(token)[0].hash != hasher.candidates(token)[1].hash)
        #expect(TokenHasher(peppers: []) == nil)
    }

    @Test("a hash of another length is refused", arguments: [0, 1, 31, 33])
    func lengths(count: Int) {
        #expect(TokenHash(bytes: [UInt8](repeating: 1, count: count)) == nil)
    }

    @Test("hashes and peppers print redacted")
    func redacted() {
        let hash = TokenHasher(newest: first).hash(Token.make(.agent, random: .system)).hash
        var printed = "\(hash) \(String(reflecting: hash)) \(first) \(String(reflecting: second))"
        dump(hash, to: &printed)
        dump(second, to: &printed)
        #expect(!printed.contains(hash.bytes.prefix(2).map { hex($0) }.joined()))
        #expect(!printed.contains("7, 7"))
    }
}

private func hex(_ byte: UInt8) -> String {
    (byte < 16 ? "0" : "") + String(byte, radix: 16)
}
