import ClavigerWire
import ControlPlane
import Domain
import HTTPKernel
import NIOCore
import StrictJSON
import Transport

/// One agent's channel, from the challenge to the close: it turns frames into calls of ``ChannelService`` and back.
///
/// Everything it knows lives on its event loop. Frames are worked off one after the other; while one waits for the
/// database the next ones wait in a short queue, and when that is full the socket is no longer read.
final class ChannelConnection: AgentConnection, WebSocketSessionDelegate {
    enum Phase {
        /// The challenge is out, the proof is not in.
        case challenged(nonce: [UInt8])
        /// The proof is being checked.
        case greeting
        case open(ChannelSession)
        case closed
    }

    /// A question to the agent that has no answer yet.
    struct Question {
        let id: String
        let rotationID: RotationID
        let attempt: Int
    }

    struct State {
        var phase = Phase.challenged(nonce: [])
        var session: WebSocketSession?
        var inbox: [JSONRPCMessage] = []
        var isWorking = false
        var isPaused = false
        var questions: [Question] = []
        var lastQuestion = 0
        var budget: FrameBudget
        /// What the agent named in its hello, known here or not.
        var capabilities: Set<String> = []
    }

    let ticket: ChannelTicket
    let endpoint: AgentChannelEndpoint
    let eventLoop: any EventLoop
    let box: NIOLoopBoundBox<State>

    init(ticket: ChannelTicket, endpoint: AgentChannelEndpoint, eventLoop: any EventLoop) {
        self.ticket = ticket
        self.endpoint = endpoint
        self.eventLoop = eventLoop
        box = NIOLoopBoundBox(State(budget: FrameBudget(now: eventLoop.now)), eventLoop: eventLoop)
    }

    // MARK: Session events, on the event loop

    func sessionOpened(_ session: WebSocketSession) {
        let nonce = endpoint.random.bytes(ChannelProtocol.nonceBytes)
        box.value.session = session
        box.value.phase = .challenged(nonce: nonce)
        session.setTimer(TimeAmount(endpoint.limits.hello))
        let challenge = ChallengeParams(nonce: Base64URL.encode(nonce), serverTime: endpoint.now().rfc3339)
        notify(ChannelMethod.challenge, challenge)
    }

    func session(_ session: WebSocketSession, didReceive text: String) {
        endpoint.metrics.frames.increment()
        guard box.value.budget.take(now: eventLoop.now) else {
            endpoint.metrics.floods.increment()
            return finish(.protocolError, "too many frames")
        }
        do {
            accept(try JSONRPCMessage(reading: Array(text.utf8)))
        } catch {
            endpoint.metrics.faults.increment()
            guard case .open = box.value.phase else { return finish(.protocolError, "not a JSON-RPC 2.0 request") }
            write(error.answer)
        }
    }

    func sessionTimerFired(_ session: WebSocketSession) {
        switch box.value.phase {
        case .challenged, .greeting:
            endpoint.metrics.proofTimeouts.increment()
            finish(.proofFailed, "no proof in time")
        case .open, .closed: break
        }
    }

    func sessionShouldEnd(_ session: WebSocketSession) {
        finish(.shutdown)
    }

    func session(_ session: WebSocketSession, didClose closure: WebSocketClosure) {
        if case .open(let open) = box.value.phase { endpoint.service.closed(open) }
        box.value.phase = .closed
        box.value.session = nil
        box.value.inbox = []
        box.value.questions = []
    }

    // MARK: What the control plane says, from any thread

    func send(_ command: ChannelCommand) {
        onLoop { $0.write(command) }
    }

    func close(_ reason: ChannelCloseReason) {
        onLoop { $0.finish(reason) }
    }

    private func onLoop(_ body: @escaping @Sendable (ChannelConnection) -> Void) {
        if eventLoop.inEventLoop {
            body(self)
        } else {
            eventLoop.execute { body(self) }
        }
    }

    // MARK: Out

    private func write(_ command: ChannelCommand) {
        guard case .open = box.value.phase else { return }
        switch command {
        case .rotate(let rotate): ask(rotate)
        case .mode(let mode):
            guard box.value.capabilities.contains(ChannelCapability.mode) else { return }
            notify(ChannelMethod.mode, ModeParams(mode: ChannelModeName(mode)))
        }
    }

    /// At most four questions are open at a time: only the newest attempts matter.
    private func ask(_ command: RotateCommand) {
        box.value.lastQuestion += 1
        let id = "s\(box.value.lastQuestion)"
        if box.value.questions.count >= 4 { box.value.questions.removeFirst() }
        box.value.questions.append(Question(id: id, rotationID: command.rotationID, attempt: command.attempt))
        let params = RotateTokenParams(
            rotationID: command.rotationID.text,
            attempt: command.attempt,
            newToken: command.newToken.revealed(),
            expiresAt: command.expiresAt.rfc3339,
            gracePeriodSeconds: Int64(command.gracePeriodSeconds)
        )
        guard let message = try? JSONRPCMessage.request(id: id, method: ChannelMethod.rotateToken, params) else {
            return
        }
        box.value.budget.grant(FrameBudget.perRotation)
        write(message)
    }

    func notify(_ method: String, _ params: some Encodable) {
        guard let message = try? JSONRPCMessage.notification(method: method, params) else { return }
        write(message)
    }

    func write(_ message: JSONRPCMessage) {
        box.value.session?.send(text: message.text)
    }

    /// Ends the channel; an agent that has proven itself is told why before the close frame.
    func finish(_ reason: ChannelCloseReason, _ sentence: String? = nil) {
        guard let session = box.value.session else { return }
        switch box.value.phase {
        case .closed: return
        case .open(let open):
            let params = CloseParams(reason: reason.rawValue, code: Int(reason.code), message: sentence)
            notify(ChannelMethod.close, params)
            endpoint.service.closed(open)
        case .challenged, .greeting: break
        }
        box.value.phase = .closed
        box.value.inbox = []
        box.value.questions = []
        session.close(code: reason.code, reason: sentence ?? reason.rawValue)
    }
}

extension ChannelModeName {
    init(_ mode: ChannelMode) {
        switch mode {
        case .full: self = .full
        case .renewOnly: self = .renewOnly
        }
    }
}
