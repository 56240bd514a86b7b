import ClavigerWire
import Crypto
import FoundationEssentials
import StrictJSON
import Synchronization
import Transport

/// A control plane for one agent: one credential, its tokens, and what a test wants to go wrong.
final class FakeControlPlane: Sendable {
    struct Memory {
        var installToken = "clv_in_" + String(repeating: "i", count: 38)
        var enrolmentID: String?
        var publicKey: [UInt8] = []
        var issued = 0
        var current: String?
        var pending: String?
        var previous: String?
        var enrolments: [EnrollRequest] = []
        /// Tokens presented on upgrades, in order.
        var presented: [String] = []
        var hellos: [HelloParams] = []
        var accepted = 0
        var answers: [RotateTokenResult] = []
        var proofs: [String] = []
        var completed: [RotationCompleteParams] = []
        var failures: [JSONRPCError] = []
        var channels: [FakeChannel] = []
        var rotations = 0
        /// Answers that stand before everything else, each used once.
        var upgradeReplies: [FakeReply] = []
        var enrolReplies: [FakeReply] = []
        /// What the server names in the hello's result; an old server names nothing.
        var capabilities: [String]?
        /// Proofs that are not answered.
        var swallowedProofs = 0
    }

    let memory = Mutex(Memory())

    /// Reads or changes the memory.
    func with<Result: Sendable>(_ body: (inout sending Memory) -> sending Result) -> Result { memory.withLock(body) }

    var responder: FakeServer.Responder {
        { [self] request in
            request.path == APIPath.enroll.path() ? enroll(request) : admit(request)
        }
    }

    static func token(_ number: Int) -> String {
        let digits = String(number)
        return "clv_ag_" + String(repeating: "0", count: 38 - digits.count) + digits
    }

    private func enroll(_ request: SeenRequest) -> FakeReply {
        memory.withLock { memory in
            guard let body = try? StrictJSONDecoder().decode(EnrollRequest.self, from: request.body) else {
                return .problem(422, "InvalidFields")
            }
            memory.enrolments.append(body)
            guard request.token == memory.installToken else { return .problem(401, "InvalidToken") }
            guard memory.enrolmentID == nil || memory.enrolmentID == body.enrolmentID else {
                return .problem(409, "InstallTokenUsed")
            }
            memory.enrolmentID = body.enrolmentID
            memory.publicKey = Base64URL.decode(body.publicKey) ?? []
            memory.issued += 1
            let token = Self.token(memory.issued)
            memory.current = token
            if !memory.enrolReplies.isEmpty { return memory.enrolReplies.removeFirst() }
            return .json(201, #"{"agent_id":"agt_1","credential_id":"crd_1","agent_token":"\#(token)","later":true}"#)
        }
    }

    private func admit(_ request: SeenRequest) -> FakeReply {
        memory.withLock { memory in
            memory.presented.append(request.token)
            if !memory.upgradeReplies.isEmpty { return memory.upgradeReplies.removeFirst() }
            let known = [memory.current, memory.pending, memory.previous].contains(request.token)
            return known ? .upgrade : .problem(401, "InvalidToken")
        }
    }

    static let nonce = [UInt8](repeating: 9, count: 32)

    var onChannel: FakeServer.ChannelStarter {
        { [self] channel in
            memory.withLock { $0.channels.append(channel) }
            channel.onMessage { [self] in receive($0, channel) }
            let challenge = ChallengeParams(nonce: Base64URL.encode(Self.nonce), serverTime: "2026-11-21T00:00:00Z")
            if let frame = try? JSONRPCMessage.notification(method: ChannelMethod.challenge, challenge) {
                channel.send(frame)
            }
        }
    }

    private func receive(_ message: JSONRPCMessage, _ channel: FakeChannel) {
        switch message {
        case .request(let id, ChannelMethod.hello, let params): hello(id, params, channel)
        case .request(let id, ChannelMethod.authenticate, let params): authenticate(id, params, channel)
        case .notification(ChannelMethod.rotationComplete, let params):
            guard let params = try? params.decoded(as: RotationCompleteParams.self) else { return }
            memory.withLock { $0.completed.append(params) }
        case .response(_, let result):
            guard let result = try? result.decoded(as: RotateTokenResult.self) else { return }
            memory.withLock { $0.answers.append(result) }
        case .failure(_, let error): memory.withLock { $0.failures.append(error) }
        default: break
        }
    }

    private func hello(_ id: String, _ params: JSONValue, _ channel: FakeChannel) {
        guard let hello = try? params.decoded(as: HelloParams.self), let signature = Base64URL.decode(hello.signature)
        else { return channel.session.close(code: 4400) }
        let digest = Array(SHA256.hash(data: Array(channel.request.token.utf8)))
        let proof = ChannelProof.message(nonce: Self.nonce, credentialID: "crd_1", tokenDigest: digest)
        let isGenuine = memory.withLock { memory in
            memory.hellos.append(hello)
            let key = try? Curve25519.Signing.PublicKey(rawRepresentation: memory.publicKey)
            guard key?.isValidSignature(signature, for: proof) == true else { return false }
            memory.accepted += 1
            Self.promote(channel.request.token, &memory)
            return true
        }
        guard isGenuine else { return channel.session.close(code: 4401) }
        let result = HelloResult(
            mode: .full,
            serverTime: "2026-11-21T00:00:00Z",
            agentID: "agt_1",
            generation: 1,
            capabilities: with { $0.capabilities }
        )
        if let frame = try? JSONRPCMessage.response(id: id, result) { channel.send(frame) }
    }

    private static func promote(_ token: String, _ memory: inout Memory) {
        guard token == memory.pending else { return }
        memory.previous = memory.current
        memory.current = token
        memory.pending = nil
    }

    private func authenticate(_ id: String, _ params: JSONValue, _ channel: FakeChannel) {
        guard let token = try? params.decoded(as: AuthenticateParams.self).token else { return }
        let isKnown: Bool? = memory.withLock { memory in
            memory.proofs.append(token)
            if memory.swallowedProofs > 0 {
                memory.swallowedProofs -= 1
                return nil
            }
            let known = token == memory.pending || token == memory.current
            Self.promote(token, &memory)
            return known
        }
        switch isKnown {
        case true?:
            if let frame = try? JSONRPCMessage.response(id: id, AuthenticateResult(generation: 2)) {
                channel.send(frame)
            }
        case false?:
            let error = JSONRPCError(
                code: JSONRPCError.refused,
                message: "no",
                data: ["code": "InvalidToken"]
            )
            channel.send(.failure(id: id, error: error))
        case nil: break
        }
    }

    /// Issues a token, or sends the pending one again, on the newest channel.
    func rotate(again: Bool = false, id: String = "rot_1", attempt: Int = 1) {
        let (token, channel) = memory.withLock { memory in
            if !again || memory.pending == nil {
                memory.issued += 1
                memory.pending = Self.token(memory.issued)
            }
            memory.rotations += 1
            return (memory.pending ?? "", memory.channels.last)
        }
        let params = RotateTokenParams(rotationID: id, attempt: attempt, newToken: token, gracePeriodSeconds: 300)
        let frame = try? JSONRPCMessage.request(id: "r-\(attempt)", method: ChannelMethod.rotateToken, params)
        if let frame { channel?.send(frame) }
    }
}
