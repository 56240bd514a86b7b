internal import Crypto

/// What the store keeps of a token: HMAC-SHA-256 of its text under a pepper, 32 bytes.
package struct TokenHash: Hashable, Sendable {
    private let words: SIMD4<UInt64>

    /// The hash as the store has it, or `nil` if it isn't 32 bytes long.
    package init?(bytes: [UInt8]) {
        guard bytes.count == 32 else { return nil }
        self.init(sized: bytes)
    }

    /// The 32 bytes of a keyed hash, in one pass.
    init(code: HMAC<SHA256>.MAC) {
        words = code.withUnsafeBytes { raw in
            var words = SIMD4<UInt64>()
            for place in 0..<4 where raw.count >= place * 8 + 8 {
                words[place] = UInt64(bigEndian: raw.loadUnaligned(fromByteOffset: place * 8, as: UInt64.self))
            }
            return words
        }
    }

    init(sized bytes: some Sequence<UInt8>) {
        var words = SIMD4<UInt64>()
        for (place, byte) in bytes.prefix(32).enumerated() {
            words[place / 8] = words[place / 8] << 8 | UInt64(byte)
        }
        self.words = words
    }

    /// One of so many places, the same for the same hash.
    package func place(below count: Int) -> Int { Int(words[1] % UInt64(count)) }

    /// Every word of a keyed hash is as good as random to whoever hasn't the key, so that one is enough.
    package func hash(into hasher: inout Hasher) { hasher.combine(words[0]) }

    package var bytes: [UInt8] {
        (0..<32).map { place in UInt8(truncatingIfNeeded: words[place / 8] >> UInt64(56 - place % 8 * 8)) }
    }
}

extension TokenHash: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "TokenHash([redacted])" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// A token's hash together with the pepper it was made under.
package struct StoredHash: Hashable, Sendable {
    package let pepperID: Int64
    package let hash: TokenHash

    package init(pepperID: Int64, hash: TokenHash) {
        self.pepperID = pepperID
        self.hash = hash
    }
}

/// A key of token hashes, opened from its sealed form at start.
package struct Pepper: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package let id: Int64
    let secret: [UInt8]

    package init(id: Int64, secret: [UInt8]) {
        self.id = id
        self.secret = secret
    }

    package var description: String { "Pepper(\(id), [redacted])" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
