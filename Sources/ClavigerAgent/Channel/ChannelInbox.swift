import NIOCore
import Synchronization
import Transport

/// What happens on a channel, in order.
enum ChannelEvent: Sendable {
    case opened(WebSocketSession)
    case text(String)
    case timer
    case closed(WebSocketClosure)
}

/// The session of a channel, for whoever has to close it, whether or not its first event was taken.
final class ChannelHandle: Sendable {
    private let session = Mutex<WebSocketSession?>(nil)

    func set(_ session: WebSocketSession) { self.session.withLock { $0 = session } }

    func close(code: UInt16, reason: String) {
        session.withLock { $0 }?.close(code: code, reason: reason)
    }
}

/// Hands the events of a session to the task that runs the channel, at most 256 in advance.
final class ChannelInbox: WebSocketSessionDelegate {
    private let events: AsyncStream<ChannelEvent>.Continuation
    private let gone: EventLoopPromise<Void>
    private let handle: ChannelHandle

    init(
        events: AsyncStream<ChannelEvent>.Continuation,
        gone: EventLoopPromise<Void>,
        handle: ChannelHandle
    ) {
        self.handle = handle
        self.events = events
        self.gone = gone
    }

    func sessionOpened(_ session: WebSocketSession) {
        handle.set(session)
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
