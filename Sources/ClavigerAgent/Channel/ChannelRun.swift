import ClavigerWire
import FaultPoints
import Logging
import NIOCore
import StrictJSON
import Transport

/// One channel, from the challenge to its end.
///
/// The run owns the state while it lasts.
struct ChannelRun {
    /// What the session's only timer stands for now.
    private enum Timer {
        case handshake
        case proof
        case heartbeat
        case none
    }

    /// A proof that was sent and not answered.
    private struct Proof {
        let id: String
        let token: SecretText
        let rotationID: String
        let attempt: Int
    }

    private static let heartbeatSetting = "heartbeat_seconds"
    private static let helloID = "hello"
    private static let answerLimit = TimeAmount.seconds(10)

    let tools: AgentTools
    /// The place whose token opened the channel.
    let slot: TokenShelf.Slot
    private(set) var state: AgentState
    /// Whether the server took the hello.
    private(set) var isAccepted = false
    /// How the session ended; nil while it lasts.
    private(set) var closure: WebSocketClosure?
    private var session: WebSocketSession?
    private var logger: Logger
    private var timer = Timer.handshake
    private var wasChallenged = false
    private var proof: Proof?
    private var requests = 0
    private var heartbeat: TimeAmount?

    init(tools: AgentTools, slot: TokenShelf.Slot, state: AgentState) {
        self.tools = tools
        self.slot = slot
        self.state = state
        logger = tools.logger
        logger[metadataKey: "agent_id"] = state.agentID.map { "\($0)" }
    }

    /// Takes one event.
    mutating func handle(_ event: ChannelEvent) async throws(AgentError) {
        switch event {
        case .opened(let session):
            self.session = session
            arm(.handshake, Self.answerLimit)
        case .text(let text): try await receive(text)
        case .timer: timerFired()
        case .closed(let closure): self.closure = closure
        }
    }

    // MARK: Frames

    private mutating func receive(_ text: String) async throws(AgentError) {
        let message: JSONRPCMessage
        do {
            message = try JSONRPCMessage(reading: Array(text.utf8))
        } catch {
            logger.warning("the server sent a frame that is no message")
            return send(error.answer)
        }
        switch message {
        case .notification(let method, let params): try await notified(method, params)
        case .request(let id, ChannelMethod.rotateToken, let params) where isAccepted: try await rotate(id, params)
        case .request(let id, let method, _):
            let error = JSONRPCError(code: JSONRPCError.methodNotFound, message: "There is no such method here.")
            logger.debug("the server asked for a method that is not known", metadata: ["method": "\(method)"])
            send(.failure(id: id, error: error))
        case .response(Self.helloID, let result) where !isAccepted && wasChallenged: try await accepted(result)
        case .response(let id, _) where id == proof?.id: try await proved()
        case .response: break
        case .failure(Self.helloID, let error) where !isAccepted: end("the hello was refused", error)
        case .failure(let id?, let error) where id == proof?.id: proofRefused(error)
        case .failure: logger.debug("the server refused a frame")
        }
    }

    private mutating func notified(_ method: String, _ params: JSONValue) async throws(AgentError) {
        switch method {
        case ChannelMethod.challenge: try await greet(params)
        case ChannelMethod.mode:
            guard let mode = try? params.decoded(as: ModeParams.self).mode else { return }
            logger.info("the channel's mode changed", metadata: ["mode": "\(mode.rawValue)"])
        case ChannelMethod.close:
            guard let close = try? params.decoded(as: CloseParams.self) else { return }
            logger.notice("the server ends the channel", metadata: ["reason": "\(close.reason)"])
        default: break
        }
    }

    private mutating func greet(_ params: JSONValue) async throws(AgentError) {
        guard !wasChallenged, let challenge = try? params.decoded(as: ChallengeParams.self),
            let nonce = Base64URL.decode(challenge.nonce), nonce.count == ChannelProtocol.nonceBytes,
            let token = state.shelf[slot]?.text, let credentialID = state.credentialID
        else { return stop(code: 4400, "the challenge can't be answered") }
        wasChallenged = true
        let key = try AgentKey(stored: state.privateKey)
        let signature = try key.proof(nonce: nonce, credentialID: credentialID, token: token)
        let statement = await tools.statement()
        let hello = HelloParams(
            signature: signature,
            version: statement.version,
            hostname: statement.hostname,
            os: statement.os,
            arch: statement.arch,
            cloud: statement.cloud?.name,
            region: statement.cloud?.region,
            instanceID: statement.cloud?.instanceID,
            superseded: slot == .superseded ? true : nil,
            capabilities: ChannelCapability.all
        )
        ask(Self.helloID, ChannelMethod.hello, hello)
    }

    private mutating func accepted(_ result: JSONValue) async throws(AgentError) {
        guard let hello = try? result.decoded(as: HelloResult.self) else {
            return stop(code: 4400, "the hello's answer can't be read")
        }
        isAccepted = true
        FaultPoints.reach("agent.channel.after-hello")
        if state.shelf.opened(with: slot) { await keep("the new token is in use") }
        heartbeat = hello.settings?[Self.heartbeatSetting].flatMap { $0 > 0 ? .seconds(Int64($0)) : nil }
        rest()
        logger.info("connected", metadata: ["mode": "\(hello.mode.rawValue)", "generation": "\(hello.generation)"])
        let shared = (hello.capabilities ?? []).filter(ChannelCapability.all.contains)
        logger.debug("both ends know", metadata: ["capabilities": "\(shared.joined(separator: " "))"])
    }

    // MARK: Rotation

    private mutating func rotate(_ id: String, _ params: JSONValue) async throws(AgentError) {
        guard let offer = try? params.decoded(as: RotateTokenParams.self), StoredToken.hasShape(offer.newToken) else {
            let error = JSONRPCError(code: JSONRPCError.invalidParams, message: "The new token can't be read.")
            return send(.failure(id: id, error: error))
        }
        let token = StoredToken(
            text: SecretText(offer.newToken),
            rotationID: offer.rotationID,
            expiresAt: offer.expiresAt
        )
        logger[metadataKey: "rotation_id"] = "\(offer.rotationID)"
        switch state.shelf.offered(token) {
        case .store(let shelf):
            guard await store(shelf, answering: id) else { return }
            prove(offer)
        case .alreadyHeld:
            answer(id, RotateTokenResult(status: .ok, rotatedAt: WallTime.now()))
            prove(offer)
        case .proveStored:
            logger.notice("an earlier token is proven first")
            prove(offer)
        case .refuse:
            answer(id, RotateTokenResult(status: .error, error: "this token was used before"))
        }
    }

    /// Makes a shelf durable and answers; whether it is.
    private mutating func store(_ shelf: TokenShelf, answering id: String) async -> Bool {
        var next = state
        next.shelf = shelf
        FaultPoints.reach("agent.rotation.before-write")
        do {
            try await tools.keeper.write(next)
        } catch {
            logger.error("the new token could not be stored", metadata: ["error": "\(error)"])
            answer(id, RotateTokenResult(status: .error, error: error.message))
            return false
        }
        state = next
        FaultPoints.reach("agent.rotation.after-write")
        answer(id, RotateTokenResult(status: .ok, rotatedAt: WallTime.now()))
        FaultPoints.reach("agent.rotation.after-answer")
        return true
    }

    private mutating func prove(_ offer: RotateTokenParams) {
        guard let token = state.shelf.toProve else { return }
        requests += 1
        let proof = Proof(
            id: "authenticate-\(requests)",
            token: token.text,
            rotationID: token.rotationID ?? offer.rotationID,
            attempt: offer.attempt
        )
        self.proof = proof
        arm(.proof, Self.answerLimit)
        ask(proof.id, ChannelMethod.authenticate, AuthenticateParams(token: token.text.revealed()))
        FaultPoints.reach("agent.rotation.after-proof")
    }

    private mutating func proved() async throws(AgentError) {
        guard let proof else { return }
        self.proof = nil
        FaultPoints.reach("agent.rotation.before-promotion-write")
        if state.shelf.proved(proof.token) { await keep("the token was rotated") }
        FaultPoints.reach("agent.rotation.after-promotion-write")
        tell(
            ChannelMethod.rotationComplete,
            RotationCompleteParams(rotationID: proof.rotationID, attempt: proof.attempt)
        )
        rest()
    }

    private mutating func proofRefused(_ error: JSONRPCError) {
        guard let proof else { return }
        self.proof = nil
        let code = error.data?["code"]?.stringValue
        logger.warning("the proof of a token was refused", metadata: ["code": "\(code ?? "none")"])
        switch state.shelf.proofRefused(proof.token, code: code) {
        case .awaitNext: rest()
        case .reconnect: stop(code: 1000, "the proof was refused")
        }
    }

    /// Makes the state durable.
    ///
    /// The shelf in memory is ahead of the disk if that fails, and both are good for a start.
    private func keep(_ what: Logger.Message) async {
        do {
            try await tools.keeper.write(state)
            logger.info(what)
        } catch {
            logger.error("the state could not be stored", metadata: ["error": "\(error)"])
        }
    }

    // MARK: Timer

    private mutating func arm(_ timer: Timer, _ amount: TimeAmount?) {
        self.timer = amount == nil ? .none : timer
        session?.setTimer(amount)
    }

    private mutating func rest() { arm(.heartbeat, heartbeat) }

    private mutating func timerFired() {
        switch timer {
        case .none: break
        case .handshake: stop(code: 4400, "the server did not answer the hello")
        case .proof: stop(code: 1000, "the server did not answer the proof")
        case .heartbeat:
            requests += 1
            ask("heartbeat-\(requests)", ChannelMethod.heartbeat, HeartbeatParams())
            rest()
        }
    }

    // MARK: Sending

    private func ask(_ id: String, _ method: String, _ params: some Encodable) {
        if let message = try? JSONRPCMessage.request(id: id, method: method, params) { send(message) }
    }

    private func tell(_ method: String, _ params: some Encodable) {
        if let message = try? JSONRPCMessage.notification(method: method, params) { send(message) }
    }

    private func answer(_ id: String, _ result: RotateTokenResult) {
        if let message = try? JSONRPCMessage.response(id: id, result) { send(message) }
    }

    private func send(_ message: JSONRPCMessage) {
        session?.send(text: message.text)
    }

    private func end(_ what: Logger.Message, _ error: JSONRPCError) {
        logger.error(what, metadata: ["code": "\(error.data?["code"]?.stringValue ?? "\(error.code)")"])
        session?.close(code: 1000)
    }

    private func stop(code: UInt16, _ reason: String) {
        logger.warning("the agent ends the channel", metadata: ["reason": "\(reason)"])
        session?.close(code: code, reason: reason)
    }
}
