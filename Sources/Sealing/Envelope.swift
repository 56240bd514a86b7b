internal import Crypto
internal import Domain

/// AES-256-GCM with a random nonce; the bytes are nonce, ciphertext, tag.
enum Envelope {
    static let overhead = 12 + 16

    static func seal(
        _ plaintext: [UInt8],
        with key: SymmetricKey,
        at place: [UInt8],
        random: RandomSource
    ) throws(SealingError) -> [UInt8] {
        do {
            let nonce = random.bytes(12)
            let box = try AES.GCM.seal(
                plaintext,
                using: key,
                nonce: AES.GCM.Nonce(data: nonce),
                authenticating: place
            )
            return nonce + Array(box.ciphertext) + Array(box.tag)
        } catch {
            throw SealingError(.notAuthentic, "The value can't be sealed.")
        }
    }

    static func open(_ bytes: [UInt8], with key: SymmetricKey, at place: [UInt8]) throws(SealingError) -> [UInt8] {
        guard bytes.count >= overhead else { throw SealingError(.notAuthentic, "A sealed value is cut off.") }
        do {
            let box = try AES.GCM.SealedBox(
                nonce: AES.GCM.Nonce(data: bytes[..<12]),
                ciphertext: bytes[12..<(bytes.count - 16)],
                tag: bytes[(bytes.count - 16)...]
            )
            return Array(try AES.GCM.open(box, using: key, authenticating: place))
        } catch {
            throw SealingError(.notAuthentic, "A sealed value was changed or isn't where it belongs.")
        }
    }
}

extension SealedPlace {
    /// The place as associated data: each part behind its length, so that no two places look alike.
    var associatedData: [UInt8] {
        var bytes = Array("claviger-sealed-v1".utf8)
        for part in [table, id, String(version), field] {
            let utf8 = Array(part.utf8)
            withUnsafeBytes(of: UInt32(utf8.count).bigEndian) { bytes += $0 }
            bytes += utf8
        }
        return bytes
    }
}
