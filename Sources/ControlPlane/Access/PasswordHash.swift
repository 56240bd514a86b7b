internal import Crypto
internal import CryptoExtras
internal import Domain

/// A password as the store has it: scrypt, the parameters and the salt beside the derived key.
///
///     scrypt$15$8$3$<salt>$<key>      (log2 of N, r, p; salt and key in hexadecimal)
///
/// It prints redacted.
package struct PasswordHash: Sendable {
    /// How much work a guess costs.
    package struct Parameters: Hashable, Sendable {
        package let logN: Int
        package let r: Int
        package let p: Int

        package init(logN: Int, r: Int, p: Int) {
            self.logN = logN
            self.r = r
            self.p = p
        }

        /// N = 2^15, r = 8, p = 3: what a new hash is made with.
        package static let standard = Parameters(logN: 15, r: 8, p: 3)
    }

    package let parameters: Parameters
    private let salt: [UInt8]
    private let key: [UInt8]

    /// Derives the hash of a password.
    ///
    /// This takes tens of milliseconds: see ``ScryptPool``.
    package static func derive(_ password: String, salt: [UInt8], parameters: Parameters) throws -> PasswordHash {
        PasswordHash(
            parameters: parameters,
            salt: salt,
            key: try Self.key(password, salt: salt, parameters: parameters)
        )
    }

    /// Reads what ``stored`` wrote, or answers `nil`; parameters beyond what this server would compute are refused.
    package init?(stored: String) {
        let parts = stored.split(separator: "$", omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0] == "scrypt", let logN = Int(parts[1]), let r = Int(parts[2]),
            let p = Int(parts[3]), (10...18).contains(logN), (1...16).contains(r), (1...8).contains(p),
            let salt = Hexadecimal.decode(parts[4]), let key = Hexadecimal.decode(parts[5]), salt.count >= 16,
            key.count == 32
        else { return nil }
        self.init(parameters: Parameters(logN: logN, r: r, p: p), salt: salt, key: key)
    }

    private init(parameters: Parameters, salt: [UInt8], key: [UInt8]) {
        self.parameters = parameters
        self.salt = salt
        self.key = key
    }

    /// The text for the store.
    package var stored: String {
        let numbers = "\(parameters.logN)$\(parameters.r)$\(parameters.p)"
        return "scrypt$\(numbers)$\(Hexadecimal.encode(salt))$\(Hexadecimal.encode(key))"
    }

    /// Whether this is the hash of the password; all bytes are compared, wherever the first difference is.
    package func matches(_ password: String) throws -> Bool {
        let candidate = try Self.key(password, salt: salt, parameters: parameters)
        return zip(candidate, key).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }

    private static func key(_ password: String, salt: [UInt8], parameters: Parameters) throws -> [UInt8] {
        let key = try KDF.Scrypt.deriveKey(
            from: Array(password.utf8),
            salt: salt,
            outputByteCount: 32,
            rounds: 1 << parameters.logN,
            blockSize: parameters.r,
            parallelism: parameters.p
        )
        return key.withUnsafeBytes { Array($0) }
    }

}

extension PasswordHash: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "PasswordHash([redacted])" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
