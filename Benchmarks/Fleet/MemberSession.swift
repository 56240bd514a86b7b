import ClavigerWire
import Foundation
import Transport

/// One channel of a member; lives on its event loop.
final class MemberSession: WebSocketSessionDelegate {
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
