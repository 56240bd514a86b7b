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

    func proof(of nonce: [UInt8]) throws -> String {
        let (credentialID, token) = facts.withLock { ($0.credentialID, $0.token) }
        let message = ChannelProof.message(
            nonce: nonce,
            credentialID: credentialID,
            tokenDigest: Array(SHA256.hash(data: Data(token.utf8)))
        )
        return Base64URL.encode(Array(try key.signature(for: Data(message))))
    }

    func connected(_ isConnected: Bool) { facts.withLock { $0.isConnected = isConnected } }

    func promoted(_ token: String, after seconds: Double) {
        facts.withLock {
            $0.token = token
            $0.promotions += 1
            $0.lastRotation = seconds
        }
    }
}
