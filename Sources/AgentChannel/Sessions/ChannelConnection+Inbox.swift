import ClavigerWire
import ControlPlane
import Domain
import HTTPKernel
import NIOCore
import StrictJSON
import Transport

extension ChannelConnection {
    private static let fullInbox = 16
    private static let emptyEnough = 4

    /// Takes one well-formed message.
    func accept(_ message: JSONRPCMessage) {
        switch box.value.phase {
        case .closed: return
        case .challenged(let nonce): return greet(message, nonce: nonce)
        case .greeting, .open: break
        }
        if case .request(_, ChannelMethod.hello, _) = message {
            return finish(.protocolError, "a second agent.hello")
        }
        if case .notification(ChannelMethod.hello, _) = message {
            return finish(.protocolError, "a second agent.hello")
        }
        box.value.inbox.append(message)
        if box.value.inbox.count >= Self.fullInbox, !box.value.isPaused {
            box.value.isPaused = true
            box.value.session?.pauseReading()
        }
        work()
    }

    /// Works off what waits, in order, as far as it goes without waiting for the database.
    func work() {
        while case .open(let session) = box.value.phase, !box.value.isWorking, !box.value.inbox.isEmpty {
            let message = box.value.inbox.removeFirst()
            if box.value.isPaused, box.value.inbox.count <= Self.emptyEnough {
                box.value.isPaused = false
                box.value.session?.resumeReading()
            }
            endpoint.service.heartbeat(session)
            if let reply = answerAtOnce(message) {
                if let reply = reply.message { write(reply) }
            } else {
                begin(message, session)
            }
        }
    }

    private func begin(_ message: JSONRPCMessage, _ session: ChannelSession) {
        box.value.isWorking = true
        let question = takeQuestion(of: message)
        let work = ChannelWork(service: endpoint.service, session: session)
        let done = eventLoop.makeFutureWithTask { await work.answer(message, question) }
        done.whenComplete { [self] result in
            box.value.isWorking = false
            if case .success(let reply?) = result, case .open = box.value.phase { write(reply) }
            self.work()
        }
    }

    struct Reply {
        let message: JSONRPCMessage?
    }

    /// The reply to what needs nothing but this connection; nil if it needs the control plane.
    private func answerAtOnce(_ message: JSONRPCMessage) -> Reply? {
        switch message {
        case .request(let id, ChannelMethod.heartbeat, _):
            let result = HeartbeatResult(serverTime: endpoint.now().rfc3339)
            return Reply(message: try? .response(id: id, result))
        case .notification(ChannelMethod.heartbeat, _): return Reply(message: nil)
        case .request(_, ChannelMethod.authenticate, _),
            .notification(ChannelMethod.rotationComplete, _), .notification(ChannelMethod.rotationFailed, _):
            return nil
        case .request(let id, let method, _):
            endpoint.metrics.unknownMethods.increment()
            let error = JSONRPCError(
                code: JSONRPCError.methodNotFound,
                message: "There is no request “\(String(method.prefix(64)))”."
            )
            return Reply(message: .failure(id: id, error: error))
        case .notification:
            endpoint.metrics.unknownMethods.increment()
            return Reply(message: nil)
        case .response(let id, _), .failure(let id?, _):
            if box.value.questions.contains(where: { $0.id == id }) { return nil }
            endpoint.metrics.unaskedAnswers.increment()
            return Reply(message: nil)
        case .failure(nil, _):
            endpoint.metrics.unaskedAnswers.increment()
            return Reply(message: nil)
        }
    }

    private func takeQuestion(of message: JSONRPCMessage) -> Question? {
        let answered: String?
        switch message {
        case .response(let id, _): answered = id
        case .failure(let id, _): answered = id
        case .request, .notification: answered = nil
        }
        guard let answered, let index = box.value.questions.firstIndex(where: { $0.id == answered }) else { return nil }
        return box.value.questions.remove(at: index)
    }
}
