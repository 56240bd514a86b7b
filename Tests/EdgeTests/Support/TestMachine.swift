import ClavigerWire
import Crypto
import StrictJSON
import Testing

/// A machine with a key pair and an agent token.
struct TestMachine: Sendable {
    let id: String
    let credentialID: String
    let key: Curve25519.Signing.PrivateKey
    var token: String

    static func enroll(at server: EdgeServer, id: String, installToken: String) async throws -> TestMachine {
        let key = Curve25519.Signing.PrivateKey()
        let body = """
            {"enrolment_id":"enrolment-0123456789","public_key":"\(Base64URL.encode(Array(key.publicKey.rawRepresentation)))",
            "hostname":"host-a","os":"linux","arch":"x86_64","version":"1.0.0"}
            """
        let answer = try await server.call("POST", "/api/v1/agents/enroll", token: installToken, body: body)
        #expect(answer.status == 200, "\(answer.text)")
        return TestMachine(
            id: id,
            credentialID: try #require(answer.json["credential_id"]?.stringValue),
            key: key,
            token: try #require(answer.json["agent_token"]?.stringValue)
        )
    }

    /// The signature that answers a challenge.
    func proof(of nonce: [UInt8], token: String? = nil) throws -> String {
        let digest = Array(SHA256.hash(data: Array((token ?? self.token).utf8)))
        let message = ChannelProof.message(nonce: nonce, credentialID: credentialID, tokenDigest: digest)
        return Base64URL.encode(Array(try key.signature(for: message)))
    }
}
