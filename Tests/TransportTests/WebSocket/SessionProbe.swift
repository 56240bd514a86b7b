import NIOCore
import NIOEmbedded
import Transport

/// A delegate that remembers what it was told.
final class RecordingDelegate: WebSocketSessionDelegate {
    var opened = 0
    var texts: [String] = []
    var timers = 0
    var closures: [WebSocketClosure] = []
    var onText: ((WebSocketSession, String) -> Void)?
    var session: WebSocketSession?

    func sessionOpened(_ session: WebSocketSession) {
        opened += 1
        self.session = session
    }

    func session(_ session: WebSocketSession, didReceive text: String) {
        texts.append(text)
        onText?(session, text)
    }

    func sessionTimerFired(_ session: WebSocketSession) { timers += 1 }

    func session(_ session: WebSocketSession, didClose closure: WebSocketClosure) { closures.append(closure) }
}

/// One session on an embedded channel, fed and read as bytes.
struct SessionProbe {
    let channel: EmbeddedChannel
    let delegate = RecordingDelegate()
    let reads = ReadCounter()

    init(_ configuration: WebSocketConfiguration = WebSocketConfiguration(role: .server)) throws {
        channel = EmbeddedChannel()
        try channel.pipeline.syncOperations.addHandler(reads)
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        let handler = WebSocketSessionHandler(
            configuration: configuration,
            timeouts: WebSocketTimeouts(),
            delegate: delegate
        )
        try handler.install(in: channel.pipeline.syncOperations)
    }

    func receive(_ frames: RawFrame...) throws {
        for frame in frames { try receive(bytes: frame.bytes) }
    }

    func receive(bytes: [UInt8]) throws {
        guard channel.isActive else { return }
        try channel.writeInbound(ByteBuffer(bytes: bytes))
        channel.embeddedEventLoop.run()
    }

    func advance(_ amount: TimeAmount) { channel.embeddedEventLoop.advanceTime(by: amount) }

    func setWritable(_ writable: Bool) {
        channel.isWritable = writable
        channel.pipeline.fireChannelWritabilityChanged()
        channel.embeddedEventLoop.run()
    }

    func sent() throws -> [ReadFrame] {
        channel.embeddedEventLoop.run()
        var bytes: [UInt8] = []
        while let buffer = try channel.readOutbound(as: ByteBuffer.self) { bytes += Array(buffer.readableBytesView) }
        return ReadFrame.all(in: bytes)
    }

    /// Ends the channel, so that nothing is left over.
    func finish() {
        _ = try? channel.finish(acceptAlreadyClosed: true)
    }
}

/// Counts the reads that reach the head of the pipeline.
final class ReadCounter: ChannelOutboundHandler {
    typealias OutboundIn = Never
    var count = 0

    func read(context: ChannelHandlerContext) {
        count += 1
        context.read()
    }
}
