/// The bytes an agent signs to prove that it holds the key pair it enrolled.
public enum ChannelProof {
    /// The first bytes of every proof; they keep the signature from meaning anything elsewhere.
    public static let context = "claviger-channel-v1"

    /// The bytes to sign: context ‖ nonce ‖ credential id ‖ SHA-256 of the token's text, without separators.
    ///
    /// - Parameters:
    ///   - nonce: The 32 bytes of the challenge.
    ///   - credentialID: The credential's id as text (`crd_…`), in ASCII.
    ///   - tokenDigest: SHA-256 of the token's text in ASCII, 32 bytes: the token that opened the channel.
    /// - Returns: The bytes to sign or to check.
    public static func message(nonce: [UInt8], credentialID: String, tokenDigest: [UInt8]) -> [UInt8] {
        Array(context.utf8) + nonce + Array(credentialID.utf8) + tokenDigest
    }
}
