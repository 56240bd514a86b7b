import ClavigerAgent
import ClavigerWire
import Crypto
import Foundation
import Testing

@Suite struct ProofVectorTests {
    /// The value of a row of the vector in `docs/agent-protocol.md`.
    private static func row(_ name: String) throws -> String {
        var root = URL(filePath: #filePath)
        for _ in 0..<4 { root.deleteLastPathComponent() }
        let text = try String(contentsOf: root.appending(path: "docs/agent-protocol.md"), encoding: .utf8)
        let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("| \(name)") })
        let parts = line.split(separator: "`")
        return String(try #require(parts.dropFirst().first))
    }

    @Test("AGT-7: the vector in agent-protocol.md is what the agent signs")
    func signsTheVector() throws {
        let nonce = try #require(Base64URL.decode(try Self.row("nonce")))
        let raw = try #require(Base64URL.decode(try Self.row("private key")))
        let key = try AgentKey(stored: SecretBytes(raw))
        #expect(try key.publicText == Self.row("public key"))
        let token = try Self.row("token")
        let credentialID = try Self.row("credential id")
        let digest = Array(SHA256.hash(data: Data(token.utf8)))
        let message = ChannelProof.message(nonce: nonce, credentialID: credentialID, tokenDigest: digest)
        let hash = SHA256.hash(data: Data(message)).map { String(format: "%02x", $0) }.joined()
        #expect(try hash == Self.row("SHA-256 of the"))
        let publicKey = try Curve25519.Signing.PublicKey(
            rawRepresentation: try #require(Base64URL.decode(key.publicText))
        )
        let documented = try #require(Base64URL.decode(try Self.row("signature")))
        #expect(publicKey.isValidSignature(documented, for: message))
        let signed = try key.proof(nonce: nonce, credentialID: credentialID, token: SecretText(token))
        #expect(publicKey.isValidSignature(try #require(Base64URL.decode(signed)), for: message))
    }
}
