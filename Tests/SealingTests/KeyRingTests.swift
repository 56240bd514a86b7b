import Domain
import Sealing
import Testing

@Suite("Key ring")
struct KeyRingTests {
    private let workspace = WorkspaceID(value: TypeIDValue(high: 7, low: 7))
    private let place = SealedPlace(table: "pepper", id: "1", version: 1, field: "secret")

    private func id(_ number: UInt64) -> DataKeyID { DataKeyID(value: TypeIDValue(high: 0, low: number)) }

    @Test("wrapped keys and sealed values have the bytes that another implementation of the format gives")
    func vectors() throws {
        let digits = (0..<32).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        let master = try #require(MasterKey(hexadecimal: digits))
        #expect(master.id == "mk_4eb6072f0033c97d")
        var ring = KeyRing(
            masterKeys: MasterKeys(current: master),
            random: RandomSource { [UInt8](repeating: 0x42, count: $0) }
        )
        let wrapped = try ring.makeDataKey(id: id(1), scope: .server)
        let sealed = try ring.seal(Array("a secret".utf8), at: place, scope: .server)
        let nonce = String(repeating: "42", count: 12)
        let wrappedDigits =
            "58de3b84cfc7e7ae5a306c713fde4d1f7008a084a4de633e092f9b60d4cca9d20fa4ca0570235b28b14b43195f871073"
        #expect(hex(wrapped.bytes) == nonce + wrappedDigits)
        #expect(hex(sealed.bytes) == nonce + "070012342377bade9f5d8b1d32d65c2dbb26d02d8d42942a")
    }

    private func hex(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    @Test("stored data keys are opened again by the same master key")
    func reopens() throws {
        let master = MasterKeys(current: .make(random: .system))
        var ring = KeyRing(masterKeys: master, random: .system)
        let stored = [
            try ring.makeDataKey(id: id(1), scope: .server),
            try ring.makeDataKey(id: id(2), scope: .workspace(workspace)),
        ]
        let sealed = try ring.seal([1, 2, 3], at: place, scope: .workspace(workspace))
        let again = try KeyRing(masterKeys: master, wrapped: stored, random: .system)
        #expect(try again.open(sealed, at: place) == [1, 2, 3])
        #expect(again.holds(id(1)) && again.holds(.workspace(workspace)) && !again.holds(id(3)))
    }

    @Test("OPS-2: a wrong master key is refused with a sentence that names both")
    func wrongMasterKey() throws {
        let right = MasterKey.make(random: .system)
        let wrong = MasterKey.make(random: .system)
        var ring = KeyRing(masterKeys: MasterKeys(current: right), random: .system)
        let stored = try ring.makeDataKey(id: id(1), scope: .server)
        let error = try #require(throws: SealingError.self) {
            try KeyRing(masterKeys: MasterKeys(current: wrong), wrapped: [stored], random: .system)
        }
        #expect(error.code == .wrongMasterKey)
        #expect(error.message.contains(right.id) && error.message.contains(wrong.id))
        let relabelled = WrappedDataKey(
            id: stored.id,
            scope: stored.scope,
            masterKeyID: wrong.id,
            bytes: stored.bytes
        )
        #expect(throws: SealingError(.notAuthentic, "")) {
            try KeyRing(masterKeys: MasterKeys(current: wrong), wrapped: [relabelled], random: .system)
        }
    }

    @Test("a wrapped key that was changed, or moved to another id or scope, is refused")
    func tampered() throws {
        let master = MasterKeys(current: .make(random: .system))
        var ring = KeyRing(masterKeys: master, random: .system)
        let stored = try ring.makeDataKey(id: id(1), scope: .server)
        var flipped = stored.bytes
        flipped[20] ^= 1
        let forged = [
            WrappedDataKey(id: id(2), scope: .server, masterKeyID: stored.masterKeyID, bytes: stored.bytes),
            WrappedDataKey(
                id: id(1),
                scope: .workspace(workspace),
                masterKeyID: stored.masterKeyID,
                bytes: stored.bytes
            ),
            WrappedDataKey(id: id(1), scope: .server, masterKeyID: stored.masterKeyID, bytes: flipped),
            WrappedDataKey(id: id(1), scope: .server, masterKeyID: stored.masterKeyID, bytes: []),
        ]
        for key in forged {
            #expect(throws: SealingError(.notAuthentic, "")) {
                try KeyRing(masterKeys: master, wrapped: [key], random: .system)
            }
        }
    }

    @Test("OPS-2: re-wrapping changes the master key and leaves what was sealed readable throughout")
    func rewraps() throws {
        let old = MasterKey.make(random: .system)
        let new = MasterKey.make(random: .system)
        var before = KeyRing(masterKeys: MasterKeys(current: old), random: .system)
        let stored = try before.makeDataKey(id: id(1), scope: .server)
        let sealed = try before.seal([9], at: place, scope: .server)

        let both = MasterKeys(current: new, older: [old])
        var during = try KeyRing(masterKeys: both, wrapped: [stored], random: .system)
        #expect(try during.open(sealed, at: place) == [9])
        let rewrapped = try during.rewrapped(stored)
        #expect(rewrapped.masterKeyID == new.id)
        #expect(try during.rewrapped(rewrapped) == rewrapped)
        try during.add(rewrapped)

        let after = try KeyRing(masterKeys: MasterKeys(current: new), wrapped: [rewrapped], random: .system)
        #expect(try after.open(sealed, at: place) == [9])
        #expect(throws: SealingError(.wrongMasterKey, "")) {
            try KeyRing(masterKeys: MasterKeys(current: old), wrapped: [rewrapped], random: .system)
        }
    }
}
