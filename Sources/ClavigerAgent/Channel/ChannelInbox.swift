import NIOCore
import Transport

/// What happens on a channel, in order.
enum ChannelEvent: Sendable {
    case opened(WebSocketSession)
    case text(String)
    case timer
    case closed(WebSocketClosure)
}

/// Hands the events of a session to the task that runs the channel, at most 256 in advance.
final class ChannelInbox: WebSocketSessionDelegate {
    private let events: AsyncStream<ChannelEvent>.Continuation
    private let gone: EventLoopPromise<Void>

    init(events: AsyncStream<ChannelEvent>.Continuation, gone: EventLoopPromise<Void>) {
        self.events = events
        self.gone = gone
    }

    func sessionOpened(_ session: WebSocketSession) {
        events.yield(.opened(session))
    }

    func session(_ session: WebSocketSession, didReceive text: String) {
        if case .dropped = events.yield(.text(text)) { session.close(code: 4400, reason: "too many frames") }
    }

    func sessionTimerFired(_ session: WebSocketSession) {
        events.yield(.timer)
    }

    func session(_ session: WebSocketSession, didClose closure: WebSocketClosure) {
        events.yield(.closed(closure))
        events.finish()
        gone.succeed()
    }
}
