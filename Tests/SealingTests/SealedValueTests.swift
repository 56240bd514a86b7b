import Domain
import Sealing
import Testing

@Suite("Sealed values")
struct SealedValueTests {
    private let place = SealedPlace(table: "provider_key", id: "key_1", version: 3, field: "value")
    private let plaintext = Array("a secret".utf8)

    private func ring(_ master: MasterKey = .make(random: .system)) throws -> KeyRing {
        var ring = KeyRing(masterKeys: MasterKeys(current: master), random: .system)
        _ = try ring.makeDataKey(id: DataKeyID(value: TypeIDValue(high: 0, low: 1)), scope: .server)
        return ring
    }

    @Test("a value opens where it belongs, and no two sealings are alike")
    func opens() throws {
        let ring = try ring()
        let sealed = try ring.seal(plaintext, at: place, scope: .server)
        #expect(try ring.open(sealed, at: place) == plaintext)
        #expect(try ring.seal(plaintext, at: place, scope: .server) != sealed)
        #expect(sealed.bytes.count == plaintext.count + 28)
        let empty = try ring.seal([], at: place, scope: .server)
        #expect(try ring.open(empty, at: place) == [])
    }

    @Test(
        "a value that was moved to another place stays closed",
        arguments: [
            SealedPlace(table: "provider_keys", id: "key_1", version: 3, field: "value"),
            SealedPlace(table: "provider_key", id: "key_2", version: 3, field: "value"),
            SealedPlace(table: "provider_key", id: "key_1", version: 2, field: "value"),
            SealedPlace(table: "provider_key", id: "key_1", version: 3, field: "other"),
            SealedPlace(table: "provider_keykey_1", id: "", version: 3, field: "value"),
            SealedPlace(table: "provider_key", id: "key_13", version: 0, field: "value"),
            SealedPlace(table: "provider_ke", id: "ykey_1", version: 3, field: "value"),
        ]
    )
    func moved(other: SealedPlace) throws {
        let ring = try ring()
        let sealed = try ring.seal(plaintext, at: place, scope: .server)
        #expect(throws: SealingError(.notAuthentic, "")) { try ring.open(sealed, at: other) }
    }

    @Test("a value with any bit flipped, cut off or lengthened stays closed")
    func changed() throws {
        let ring = try ring()
        let sealed = try ring.seal(plaintext, at: place, scope: .server)
        for place in sealed.bytes.indices {
            for bit in 0..<8 {
                var bytes = sealed.bytes
                bytes[place] ^= 1 << bit
                let broken = SealedValue(dataKeyID: sealed.dataKeyID, bytes: bytes)
                #expect(throws: SealingError(.notAuthentic, "")) { try ring.open(broken, at: self.place) }
            }
        }
        for length in 0..<sealed.bytes.count {
            let cut = SealedValue(dataKeyID: sealed.dataKeyID, bytes: Array(sealed.bytes.prefix(length)))
            #expect(throws: SealingError(.notAuthentic, "")) { try ring.open(cut, at: place) }
        }
        let long = SealedValue(dataKeyID: sealed.dataKeyID, bytes: sealed.bytes + [0])
        #expect(throws: SealingError(.notAuthentic, "")) { try ring.open(long, at: place) }
    }

    @Test("a value sealed with another ring's data key stays closed")
    func otherRing() throws {
        let sealed = try ring().seal(plaintext, at: place, scope: .server)
        let other = try ring()
        #expect(throws: SealingError(.notAuthentic, "")) { try other.open(sealed, at: place) }
        let unknown = SealedValue(dataKeyID: DataKeyID(value: TypeIDValue(high: 9, low: 9)), bytes: sealed.bytes)
        #expect(throws: SealingError(.unknownDataKey, "")) { try other.open(unknown, at: place) }
        let workspace = WorkspaceID(value: TypeIDValue(high: 1, low: 1))
        #expect(throws: SealingError(.unknownDataKey, "")) {
            try other.seal([1], at: place, scope: .workspace(workspace))
        }
    }

    @Test("sealed values, rings and master keys print nothing of what is in them")
    func redacted() throws {
        let text = String(repeating: "c1", count: 32)
        let master = try #require(MasterKey(hexadecimal: text))
        let ring = try ring(master)
        let sealed = try ring.seal(plaintext, at: place, scope: .server)
        var printed = "\(master) \(ring) \(sealed) \(String(reflecting: master)) \(String(reflecting: ring))"
        dump(master, to: &printed)
        dump(ring, to: &printed)
        dump(MasterKeys(current: master), to: &printed)
        #expect(!printed.contains("c1c1"))
        #expect(!printed.contains("193, 193"))
        #expect(!printed.contains("\(sealed.bytes[0]), \(sealed.bytes[1])"))
    }
}
