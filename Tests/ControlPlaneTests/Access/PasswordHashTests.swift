import ControlPlane
import Domain
import Glibc
import Synchronization
import Testing

@Suite("Password hashes")
struct PasswordHashTests {
    @Test("ORG-3: scrypt gives what RFC 7914 says")
    func vector() throws {
        let salt = Array("NaCl".utf8)
        let hash = try PasswordHash.derive("password", salt: salt, parameters: .init(logN: 10, r: 8, p: 16))
        let key = hash.stored.split(separator: "$")[5]
        #expect(key == "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162")
    }

    @Test("ORG-3: the parameters stand with the hash, and a stored hash is checked by its own")
    func stored() throws {
        let salt = [UInt8](repeating: 7, count: 16)
        let cheap = try PasswordHash.derive("a password", salt: salt, parameters: .init(logN: 10, r: 4, p: 2))
        let again = try #require(PasswordHash(stored: cheap.stored))
        #expect(cheap.stored.hasPrefix("scrypt$10$4$2$"))
        #expect(try again.matches("a password"))
        #expect(try !again.matches("a passwore"))
        #expect(try !again.matches(""))
        #expect(PasswordHash.Parameters.standard == .init(logN: 15, r: 8, p: 3))
    }

    @Test(
        "what is no stored hash is refused",
        arguments: [
            "", "scrypt", "scrypt$15$8$3", "bcrypt$15$8$3$00$00", "scrypt$30$8$3$\(salt)$\(key)",
            "scrypt$9$8$3$\(salt)$\(key)", "scrypt$15$99$3$\(salt)$\(key)", "scrypt$15$8$0$\(salt)$\(key)",
            "scrypt$15$8$3$\(salt)$\(key)0", "scrypt$15$8$3$xx$\(key)", "scrypt$15$8$3$\(salt)$\(key)$",
        ]
    )
    func refuses(text: String) {
        #expect(PasswordHash(stored: text) == nil)
    }

    private static let salt = String(repeating: "00", count: 16)
    private static let key = String(repeating: "00", count: 32)

    @Test("a password hash prints redacted")
    func redacted() throws {
        let hash = try #require(PasswordHash(stored: "scrypt$15$8$3$\(Self.salt)$\(Self.key)"))
        var printed = "\(hash) \(String(reflecting: hash))"
        dump(hash, to: &printed)
        #expect(!printed.contains("0, 0") && !printed.contains("0000"))
    }

    @Test("ORG-3: two passwords are hashed at a time, 16 wait, and the next is refused at once")
    func bounded() async throws {
        let pool = ScryptPool()
        let gate = Gate()
        let places = ScryptPool.threads + ScryptPool.maximumWaiting
        let done = await withTaskGroup(of: Bool.self) { group in
            for number in 0..<places + 5 {
                group.addTask {
                    do {
                        try await pool.run(from: .init(address: "a\(number)", isKnown: true)) { gate.pass() }
                        return true
                    } catch {
                        // The refused are the ones that open the gate: they came while all places were taken.
                        #expect((error as? ControlPlaneError)?.code == .overloaded)
                        gate.refused(of: 5)
                        return false
                    }
                }
            }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(done == places)
        #expect(gate.most == ScryptPool.threads)
    }

    @Test("ORG-3: strangers, from one address or from many, never take the places of those who signed in before")
    func fair() async throws {
        let pool = ScryptPool()
        let gate = Gate()
        let crowd = 40
        try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<crowd {
                group.addTask {
                    // Half of them come from one address.
                    let address = number.isMultiple(of: 2) ? "192.0.2.9" : "a\(number)"
                    do {
                        try await pool.run(from: .init(address: address, isKnown: false)) { gate.pass() }
                        return 1
                    } catch {
                        gate.refused(of: crowd - ScryptPool.placesOfStrangers + 1)
                        return 0
                    }
                }
            }
            while gate.refusals < crowd - ScryptPool.placesOfStrangers { try await Task.sleep(for: .milliseconds(1)) }
            group.addTask { try await pool.run(from: .init(address: "192.0.2.9", isKnown: true)) { 0 } }
            // The owner comes while the strangers' places are full.
            try await Task.sleep(for: .milliseconds(50))
            gate.refused(of: crowd - ScryptPool.placesOfStrangers + 1)
            #expect(try await group.reduce(0, +) == ScryptPool.placesOfStrangers)
        }
    }

    @Test("ORG-3: one address has its own share of the places, at 1, the most, and one more")
    func perAddress() async throws {
        let pool = ScryptPool()
        let gate = Gate()
        let share = ScryptPool.placesPerAddress
        let done = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<share + 5 {
                group.addTask {
                    do {
                        try await pool.run(from: .init(address: "192.0.2.9", isKnown: false)) { gate.pass() }
                        return 1
                    } catch {
                        gate.refused(of: 5)
                        return 0
                    }
                }
            }
            return await group.reduce(0, +)
        }
        #expect(done == share)
    }
}

/// Holds work until five were refused and both threads have work, and counts how much is inside at once.
private final class Gate: Sendable {
    private let state = Mutex((refused: 0, isOpen: false, inside: 0, most: 0))

    var refusals: Int { state.withLock { $0.refused } }
    var most: Int { state.withLock { $0.most } }

    func refused(of count: Int) {
        state.withLock { state in
            state.refused += 1
            state.isOpen = state.refused == count
        }
    }

    func pass() {
        state.withLock { state in
            state.inside += 1
            state.most = max(state.most, state.inside)
        }
        while !state.withLock({ $0.isOpen && $0.most >= ScryptPool.threads }) { usleep(1000) }
        state.withLock { $0.inside -= 1 }
    }
}
