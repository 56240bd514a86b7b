internal import Crypto
package import Domain

/// The key that wraps the data keys: 256 bits, written as 64 hexadecimal digits.
package struct MasterKey: Sendable {
    let key: SymmetricKey

    /// Tells master keys apart without telling anything of them: `mk_` and 16 hexadecimal digits.
    package let id: String

    package static func make(random: RandomSource) -> MasterKey {
        MasterKey(bytes: random.bytes(32))
    }

    /// Reads 64 hexadecimal digits, or answers `nil`.
    package init?(hexadecimal text: some StringProtocol) {
        guard let bytes = Hexadecimal.decode(text), bytes.count == 32 else { return nil }
        self.init(bytes: bytes)
    }

    private init(bytes: [UInt8]) {
        key = SymmetricKey(data: bytes)
        let label = Array("claviger master key id".utf8)
        let code = HMAC<SHA256>.authenticationCode(for: label, using: key)
        id = "mk_" + Hexadecimal.encode(code.prefix(8))
    }

    /// The key as its file holds it.
    func revealed() -> String {
        key.withUnsafeBytes { Hexadecimal.encode($0) }
    }
}

extension MasterKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "MasterKey(\(id), [redacted])" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// The master keys that are known: the first wraps, all of them open.
///
/// There is one, except while the master key is changed: then the new one stands first and the old one behind it.
package struct MasterKeys: Sendable {
    package let current: MasterKey
    package let older: [MasterKey]

    package static let maximumCount = 4

    package init(current: MasterKey, older: [MasterKey] = []) {
        self.current = current
        self.older = older
    }

    package subscript(_ id: String) -> MasterKey? {
        current.id == id ? current : older.first { $0.id == id }
    }

    /// Reads one to four keys, with white space or commas between them; `source` says where the text is from.
    package init(parsing text: String, source: String) throws(SealingError) {
        let parts = text.split { $0.isWhitespace || $0 == "," }
        guard !parts.isEmpty else {
            throw SealingError(.missingMasterKey, "\(source) is empty; it must hold a master key of 64 hex digits.")
        }
        guard parts.count <= Self.maximumCount else {
            throw SealingError(.malformedMasterKey, "\(source) holds more than \(Self.maximumCount) master keys.")
        }
        var keys: [MasterKey] = []
        for part in parts {
            guard let key = MasterKey(hexadecimal: part) else {
                throw SealingError(
                    .malformedMasterKey,
                    "\(source) holds no master key: 64 hexadecimal digits are wanted, as `openssl rand -hex 32` makes."
                )
            }
            keys.append(key)
        }
        self.init(current: keys[0], older: Array(keys.dropFirst()))
    }

    /// The text of the key file: one key a line, the current one first.
    func revealed() -> String {
        ([current] + older).map { $0.revealed() + "\n" }.joined()
    }
}
