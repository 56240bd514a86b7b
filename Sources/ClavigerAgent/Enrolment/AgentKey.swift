import ClavigerWire
import Crypto
import FoundationEssentials

/// The Ed25519 key pair of an enrolment.
///
/// The private half never leaves the state directory.
package struct AgentKey: Sendable {
    private let key: Curve25519.Signing.PrivateKey

    /// Makes a new pair.
    package init() { key = Curve25519.Signing.PrivateKey() }

    /// Takes up a stored pair.
    package init(stored: SecretBytes) throws(AgentError) {
        do {
            key = try Curve25519.Signing.PrivateKey(rawRepresentation: stored.revealed())
        } catch {
            throw AgentError(.stateRefused, "The state file is damaged: its key can't be used.", cause: error)
        }
    }

    /// The private half as it is stored.
    package var stored: SecretBytes { SecretBytes(Array(key.rawRepresentation)) }

    /// The public half as it stands in the enrolment.
    package var publicText: String { Base64URL.encode(Array(key.publicKey.rawRepresentation)) }

    /// The proof that opens a channel: it binds nonce, credential and token (the agent protocol, "Proof").
    package func proof(nonce: [UInt8], credentialID: String, token: SecretText) throws(AgentError) -> String {
        let digest = Array(SHA256.hash(data: Array(token.revealed().utf8)))
        let message = ChannelProof.message(nonce: nonce, credentialID: credentialID, tokenDigest: digest)
        do {
            return Base64URL.encode(Array(try key.signature(for: message)))
        } catch {
            throw AgentError(.stateRefused, "The key can't sign.", cause: error)
        }
    }
}
