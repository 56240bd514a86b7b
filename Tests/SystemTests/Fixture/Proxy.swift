import NIOCore
import NIOPosix
import Synchronization

/// What the proxy does with a piece of data it has seen.
enum Verdict: Sendable {
    case pass
    /// Swallows the piece and all that follows in its direction; the connection stays open, as when a network dies.
    case drop
    /// Closes both sides without forwarding the piece.
    case cut
    /// Forwards the piece, then closes both sides.
    case passThenCut
}

/// A small TCP proxy that cuts, swallows, holds up or delays what passes between an agent and its server, or between a
/// server and its database.
///
/// With several targets it is a load balancer: connections go to them in turn, and past those that refuse. The server's
/// frames stand in clear text on the wire (only clients mask theirs), so a test can wait for the very frame it wants to
/// lose.
final class Proxy: Sendable {
    typealias Rule = @Sendable (_ text: String) -> Verdict

    private struct Rules {
        var toClient: Rule?
        var toServer: Rule?
        var delay = TimeAmount.zero
        var delaysAnswersOnly = false
        var accepting = true
        /// Fulfilled when what is held up may go on.
        var gate: EventLoopPromise<Void>?
    }

    private let rules = Mutex(Rules())
    private let open = Mutex<[ObjectIdentifier: any Channel]>([:])
    private let turn = Counter()
    private let listener: any Channel
    let url: String
    let port: Int
    private let targets: [Int]

    private init(listener: any Channel, targets: [Int]) {
        self.listener = listener
        self.targets = targets
        port = listener.localAddress?.port ?? 0
        url = "http://127.0.0.1:\(port)"
    }

    /// Listens on a port of its own in front of the server.
    static func start(on bench: Workbench, before server: Server) async throws -> Proxy {
        try await start(on: bench, before: [server.port])
    }

    /// Listens on a port of its own in front of whatever listens on another port of this machine.
    static func start(on bench: Workbench, before target: Int) async throws -> Proxy {
        try await start(on: bench, before: [target])
    }

    /// Listens on a port of its own in front of several ports of this machine.
    static func start(on bench: Workbench, before targets: [Int]) async throws -> Proxy {
        let shared = Shared()
        let listener = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.autoRead, value: false)
            .childChannelInitializer { client in
                guard let proxy = shared.proxy else { return client.close() }
                return proxy.join(client)
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let proxy = Proxy(listener: listener, targets: targets)
        shared.set(proxy)
        bench.onCleanUp { await proxy.close() }
        return proxy
    }

    /// Sees every piece on its way to the client.
    func onItsWayToClient(_ rule: @escaping Rule) { rules.withLock { $0.toClient = rule } }

    /// Sees every piece on its way to the server; frames are masked, handshakes and requests are not.
    func onItsWayToServer(_ rule: @escaping Rule) { rules.withLock { $0.toServer = rule } }

    /// Passes everything on again, what was held up first; what was swallowed stays lost.
    func pass() {
        let gate = rules.withLock { rules in
            defer { rules = Rules() }
            return rules.gate
        }
        gate?.succeed()
    }

    /// Swallows everything in both directions and keeps connections open.
    func blackhole() {
        rules.withLock {
            $0.toClient = { _ in .drop }
            $0.toServer = { _ in .drop }
        }
    }

    /// Holds everything up in both directions, as a network that is cut and heals.
    func hold() {
        let gate = listener.eventLoop.makePromise(of: Void.self)
        let older = rules.withLock { rules in
            defer { rules.gate = gate }
            return rules.gate
        }
        older?.succeed()
    }

    func delay(milliseconds: Int64, ofAnswersOnly: Bool = false) {
        rules.withLock {
            $0.delay = .milliseconds(milliseconds)
            $0.delaysAnswersOnly = ofAnswersOnly
        }
    }

    /// Ends every connection, and refuses new ones if asked to.
    func cutAll(andRefuse refuse: Bool = false) {
        rules.withLock { $0.accepting = !refuse }
        for channel in open.withLock({ Array($0.values) }) { channel.close(promise: nil) }
    }

    private func close() async {
        cutAll(andRefuse: true)
        pass()
        rules.withLock { $0.accepting = false }
        try? await listener.close()
    }

    private func join(_ client: any Channel) -> EventLoopFuture<Void> {
        guard rules.withLock({ $0.accepting }) else { return client.close() }
        let start = turn.next()
        return connect(client, (0..<targets.count).map { targets[(start + $0) % targets.count] })
    }

    private func connect(_ client: any Channel, _ ports: [Int]) -> EventLoopFuture<Void> {
        guard let port = ports.first else { return client.close() }
        return ClientBootstrap(group: client.eventLoop)
            .channelOption(.autoRead, value: false)
            .connect(host: "127.0.0.1", port: port)
            .flatMap { server in
                client.eventLoop.makeCompletedFuture { try self.join(client, server, port) }
            }
            .flatMapError { _ in self.connect(client, Array(ports.dropFirst())) }
    }

    private func join(_ client: any Channel, _ server: any Channel, _ port: Int) throws {
        remember(client)
        remember(server)
        let (inward, outward) = (
            ProxyHandler(peer: server, proxy: self, host: "127.0.0.1:\(port)"),
            ProxyHandler(peer: client, proxy: self, host: nil)
        )
        try client.pipeline.syncOperations.addHandler(inward)
        try server.pipeline.syncOperations.addHandler(outward)
        for channel in [client, server] {
            channel.setOption(.autoRead, value: true).whenFailure { _ in channel.close(promise: nil) }
        }
    }

    private func remember(_ channel: any Channel) {
        let key = ObjectIdentifier(channel)
        open.withLock { $0[key] = channel }
        channel.closeFuture.whenComplete { _ in _ = self.open.withLock { $0.removeValue(forKey: key) } }
    }

    /// A request names the server it meant, as a reverse proxy is told to do; the server answers 421 to other names.
    fileprivate func with(host: String, _ buffer: ByteBuffer) -> ByteBuffer {
        let isRequest =
            buffer.readableBytesView.starts(with: "GET ".utf8)
            || buffer.readableBytesView.starts(with: "POST ".utf8)
        guard isRequest else { return buffer }
        let text = String(decoding: buffer.readableBytesView, as: UTF8.self)
        return ByteBuffer(string: text.replacing("127.0.0.1:\(port)", with: host))
    }

    fileprivate func verdict(on buffer: ByteBuffer, fromClient: Bool) -> Verdict {
        guard let rule = rules.withLock({ fromClient ? $0.toServer : $0.toClient }) else { return .pass }
        return rule(String(decoding: buffer.readableBytesView, as: UTF8.self))
    }

    /// When a piece that has just arrived may go on.
    fileprivate func mayGoOn(_ loop: any EventLoop, fromClient: Bool) -> EventLoopFuture<Void>? {
        let (delay, gate) = rules.withLock { ($0.delaysAnswersOnly && fromClient ? .zero : $0.delay, $0.gate) }
        guard delay > .zero || gate != nil else { return nil }
        let due = loop.scheduleTask(in: delay) {}.futureResult
        return gate.map { due.and($0.futureResult.hop(to: loop)).map { _ in } } ?? due
    }
}

/// Gives the listener its proxy once it exists.
private final class Shared: Sendable {
    private let held = Mutex<Proxy?>(nil)

    var proxy: Proxy? { held.withLock { $0 } }
    func set(_ proxy: Proxy) { held.withLock { $0 = proxy } }
}

private final class ProxyHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let peer: any Channel
    private let proxy: Proxy
    /// The server's own name, on the client's side.
    private let host: String?
    private var isSilent = false
    /// When everything that arrived has gone on.
    private var last: EventLoopFuture<Void>?

    init(peer: any Channel, proxy: Proxy, host: String?) {
        self.peer = peer
        self.proxy = proxy
        self.host = host
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let arrived = unwrapInboundIn(data)
        guard !isSilent else { return }
        let here = context.channel
        let peer = peer
        let verdict = proxy.verdict(on: arrived, fromClient: host != nil)
        let buffer = host.map { proxy.with(host: $0, arrived) } ?? arrived
        switch verdict {
        case .drop: isSilent = true
        case .cut:
            here.close(promise: nil)
            peer.close(promise: nil)
        case .pass: goOn(context) { peer.writeAndFlush(buffer, promise: nil) }
        case .passThenCut:
            goOn(context) {
                peer.writeAndFlush(buffer).whenComplete { _ in
                    peer.close(promise: nil)
                    here.close(promise: nil)
                }
            }
        }
    }

    /// The end of one side follows what was said before it.
    func channelInactive(context: ChannelHandlerContext) {
        let peer = peer
        goOn(context) { peer.close(promise: nil) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    /// Does something once everything that arrived before has gone on.
    private func goOn(_ context: ChannelHandlerContext, _ action: @escaping @Sendable () -> Void) {
        let loop = context.eventLoop
        let before = last ?? loop.makeSucceededVoidFuture()
        let due = proxy.mayGoOn(loop, fromClient: host != nil).map { before.and($0).map { _ in } } ?? before
        last = due
        due.whenComplete { _ in action() }
    }
}
