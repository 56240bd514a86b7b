import ClavigerWire
import StrictJSON
import Testing

@Suite struct ChannelTests {
    @Test("REV-2: only revoked, deleted and reset make an agent erase its tokens")
    func namesErasingCodes() {
        #expect(ChannelCloseCode.allCases.filter(\.erasesTokens).map(\.rawValue) == [4001, 4002, 4003])
        #expect(Set(ChannelCloseCode.allCases.map(\.name)).count == ChannelCloseCode.allCases.count)
        #expect(ChannelCloseCode.allCases.map(\.rawValue) == [4001, 4002, 4003, 4004, 4005, 4006, 4007, 4400, 4401])
    }

    @Test("The proof is context, nonce, credential id and token digest, one behind the other")
    func joinsProof() {
        let proof = ChannelProof.message(
            nonce: Array(repeating: 1, count: 32),
            credentialID: "crd_x",
            tokenDigest: Array(repeating: 2, count: 32)
        )
        #expect(
            proof == Array("claviger-channel-v1".utf8) + Array(repeating: 1, count: 32) + Array("crd_x".utf8)
                + Array(repeating: 2, count: 32)
        )
    }

    @Test("ROT-10: the renew-only mode has its spelling on the wire")
    func spellsModes() throws {
        let frame = try JSONRPCMessage.notification(method: ChannelMethod.mode, ModeParams(mode: .renewOnly))
        #expect(frame.text == #"{"jsonrpc":"2.0","method":"agent.mode","params":{"mode":"renew-only"}}"#)
    }

    @Test("ROT-2: a rotation frame has its fields in snake case")
    func spellsRotation() throws {
        let params = RotateTokenParams(
            rotationID: "rot_1",
            attempt: 1,
            newToken: "clv_ag_x",
            expiresAt: "2026-11-28T00:00:00.000000Z",
            gracePeriodSeconds: 300
        )
        #expect(
            try JSONRPCMessage.request(id: "s1", method: ChannelMethod.rotateToken, params).text
                == #"{"jsonrpc":"2.0","id":"s1","method":"agent.rotate_token","params":{"rotation_id":"rot_1","#
                + #""attempt":1,"new_token":"clv_ag_x","expires_at":"2026-11-28T00:00:00.000000Z","#
                + #""grace_period_seconds":300}}"#
        )
        let answer = try JSONRPCMessage.response(id: "s1", RotateTokenResult(status: .error, error: "disk full"))
        #expect(answer.text == #"{"jsonrpc":"2.0","id":"s1","result":{"status":"error","error":"disk full"}}"#)
    }
}
