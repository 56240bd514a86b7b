import NIOCore
import NIOWebSocket

/// Messages that wait for a slow reader; it exists only while there are any.
struct OutboundQueue {
    var messages = CircularBuffer<ByteBuffer>(initialCapacity: 4)
    var bytes = 0
    /// The newest unanswered ping: only that one needs a pong (RFC 6455, section 5.5.3).
    var pong: ByteBuffer?
}

extension WebSocketSessionHandler {
    func send(text: String) {
        guard state == .open, let context else { return }
        let message = ByteBuffer(string: text)
        guard queue != nil || !context.channel.isWritable else { return write(.text, message, context) }
        var waiting = queue ?? OutboundQueue()
        queue = nil
        waiting.bytes += message.readableBytes
        waiting.messages.append(message)
        queue = waiting
        if waiting.bytes > configuration.maximumQueuedBytes {
            cut(context, WebSocketClosure(code: 1008, reason: "slow reader", initiator: .local))
        }
    }

    func answer(ping: ByteBuffer, context: ChannelHandlerContext) {
        if context.channel.isWritable {
            write(.pong, ping, context)
        } else {
            var waiting = queue ?? OutboundQueue()
            queue = nil
            waiting.pong = ByteBuffer(bytes: ping.readableBytesView)
            queue = waiting
        }
    }

    /// Writes what waits, as far as the channel takes it.
    func drain(_ context: ChannelHandlerContext) {
        guard state == .open, var waiting = queue else { return }
        queue = nil
        if let pong = waiting.pong {
            waiting.pong = nil
            write(.pong, pong, context)
        }
        while context.channel.isWritable, let message = waiting.messages.popFirst() {
            waiting.bytes -= message.readableBytes
            write(.text, message, context)
        }
        if waiting.messages.isEmpty {
            readMore(context)
        } else {
            queue = waiting
        }
    }

    func write(
        _ opcode: WebSocketOpcode,
        _ data: ByteBuffer,
        _ context: ChannelHandlerContext,
        promise: EventLoopPromise<Void>? = nil
    ) {
        let mask: WebSocketMaskingKey? = configuration.role == .client ? .random() : nil
        let frame = WebSocketFrame(fin: true, opcode: opcode, maskKey: mask, data: data)
        context.writeAndFlush(wrapOutboundOut(frame), promise: promise)
    }
}
