import ClavigerWire
import Crypto
import Foundation
import NIOCore
import NIOHTTP1
import Synchronization
import Transport

/// One agent of the fleet: its key pair, its token, its channel.
final class Member: Sendable {
    private struct Facts {
        var agentID = ""
        var credentialID = ""
        var token = ""
        var isConnected = false
        var promotions = 0
        var lastRotation: Double?
    }

    private static let timeouts = WebSocketTimeouts()

    private let key = Curve25519.Signing.PrivateKey()
    private let facts = Mutex(Facts())

    var agentID: String { facts.withLock { $0.agentID } }
    var isConnected: Bool { facts.withLock { $0.isConnected } }
    var promotions: Int { facts.withLock { $0.promotions } }
    /// Seconds from the arrival of the latest new token to the accepted proof.
    var lastRotation: Double? { facts.withLock { $0.lastRotation } }

    var enrolment: [String: any Sendable] {
        var random = SystemRandomNumberGenerator()
        let id = (0..<32).map { _ in UInt8.random(in: 0 ... .max, using: &random) }
        return [
            "enrolment_id": Base64URL.encode(id),
            "public_key": Base64URL.encode(Array(key.publicKey.rawRepresentation)),
            "hostname": "fleet", "os": "linux", "arch": "x86_64", "version": "0.0.1-fleet",
        ]
    }

    func adopt(_ answer: [String: any Sendable]) throws {
        guard let agentID = answer["agent_id"] as? String, let credentialID = answer["credential_id"] as? String,
            let token = answer["agent_token"] as? String
        else { throw FleetError("the enrolment answer lacks a field") }
        facts.withLock {
            $0.agentID = agentID
            $0.credentialID = credentialID
            $0.token = token
        }
    }

    /// Opens the channel and waits until the server has let the agent in.
    func open(over network: NetworkClient, to origin: WebOrigin) async throws {
        let headers = HTTPHeaders([("Authorization", "Bearer " + facts.withLock { $0.token })])
        let opening = WebSocketOpening(
            path: "/api/v1/agent/channel",
            headers: headers,
            subprotocol: "claviger.agent.v1",
            timeouts: Self.timeouts
        )
        let refusal = try await network.openWebSocket(origin, opening) { _ in MemberSession(member: self) }
        if let refusal { throw FleetError("the channel was refused: \(refusal.status)") }
        let deadline = ContinuousClock.now + .seconds(30)
        while !isConnected {
            guard ContinuousClock.now < deadline else { throw FleetError("no answer to hello") }
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    fileprivate func proof(of nonce: [UInt8]) throws -> String {
        let (credentialID, token) = facts.withLock { ($0.credentialID, $0.token) }
        let message = ChannelProof.message(
            nonce: nonce,
            credentialID: credentialID,
            tokenDigest: Array(SHA256.hash(data: Data(token.utf8)))
        )
        return Base64URL.encode(Array(try key.signature(for: Data(message))))
    }

    fileprivate func connected(_ isConnected: Bool) { facts.withLock { $0.isConnected = isConnected } }

    fileprivate func promoted(_ token: String, after seconds: Double) {
        facts.withLock {
            $0.token = token
            $0.promotions += 1
            $0.lastRotation = seconds
        }
    }
}

/// One channel of a member; lives on its event loop.
private final class MemberSession: WebSocketSessionDelegate {
    private let member: Member
    private var pending: (token: String, since: ContinuousClock.Instant)?

    init(member: Member) {
        self.member = member
    }

    func sessionOpened(_ session: WebSocketSession) {}

    func session(_ session: WebSocketSession, didClose closure: WebSocketClosure) { member.connected(false) }

    func session(_ session: WebSocketSession, didReceive text: String) {
        guard let frame = try? JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any] else { return }
        let params = frame["params"] as? [String: Any] ?? [:]
        switch (frame["method"] as? String, frame["id"] as? String) {
        case ("agent.challenge", _): hello(session, nonce: params["nonce"] as? String ?? "")
        case ("agent.rotate_token", let id?): rotate(session, id: id, token: params["new_token"] as? String ?? "")
        case (nil, "hello") where frame["result"] != nil: member.connected(true)
        case (nil, "proof") where frame["result"] != nil:
            guard let pending else { return }
            member.promoted(pending.token, after: pending.since.elapsed)
            self.pending = nil
        default: break
        }
    }

    private func hello(_ session: WebSocketSession, nonce: String) {
        guard let bytes = Base64URL.decode(nonce), let proof = try? member.proof(of: bytes) else { return }
        session.send(
            text: #"{"jsonrpc":"2.0","id":"hello","method":"agent.hello","params":{"signature":"\#(proof)","#
                + #""version":"0.0.1-fleet","hostname":"fleet","os":"linux","arch":"x86_64"}}"#
        )
    }

    private func rotate(_ session: WebSocketSession, id: String, token: String) {
        pending = (token, .now)
        session.send(text: #"{"jsonrpc":"2.0","id":"\#(id)","result":{"status":"ok"}}"#)
        session.send(
            text: #"{"jsonrpc":"2.0","id":"proof","method":"agent.authenticate","params":{"token":"\#(token)"}}"#
        )
    }
}
