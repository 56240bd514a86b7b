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

/// A small TCP proxy that cuts, swallows or delays what passes between an agent and its server.
///
/// The server's frames stand in clear text on the wire (only clients mask theirs), so a test can wait for the very frame
/// it wants to lose.
final class Proxy: Sendable {
    typealias Rule = @Sendable (_ text: String) -> Verdict

    private struct Rules {
        var toClient: Rule = { _ in .pass }
        var toServer: Rule = { _ in .pass }
        var delay = TimeAmount.zero
        var accepting = true
    }

    private let rules = Mutex(Rules())
    private let open = Mutex<[ObjectIdentifier: any Channel]>([:])
    private let listener: any Channel
    let url: String
    private let authority: String
    private let target: Int

    private init(listener: any Channel, target: Int) {
        self.listener = listener
        self.target = target
        authority = "127.0.0.1:\(listener.localAddress?.port ?? 0)"
        url = "http://" + authority
    }

    /// Listens on a port of its own in front of the server.
    static func start(on bench: Workbench, before server: Server) async throws -> Proxy {
        let target = server.port
        let shared = Shared()
        let listener = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.autoRead, value: false)
            .childChannelInitializer { client in
                guard let proxy = shared.proxy else { return client.close() }
                return proxy.join(client, to: target)
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let proxy = Proxy(listener: listener, target: target)
        shared.set(proxy)
        bench.onCleanUp { await proxy.close() }
        return proxy
    }

    /// Sees every piece on its way to the client.
    func onItsWayToClient(_ rule: @escaping Rule) { rules.withLock { $0.toClient = rule } }

    /// Sees every piece on its way to the server; frames are masked, handshakes and requests are not.
    func onItsWayToServer(_ rule: @escaping Rule) { rules.withLock { $0.toServer = rule } }

    func pass() {
        rules.withLock { $0 = Rules() }
    }

    /// Swallows everything in both directions and keeps connections open.
    func blackhole() {
        rules.withLock {
            $0.toClient = { _ in .drop }
            $0.toServer = { _ in .drop }
        }
    }

    func delay(milliseconds: Int64) { rules.withLock { $0.delay = .milliseconds(milliseconds) } }

    /// Ends every connection, and refuses new ones if asked to.
    func cutAll(andRefuse refuse: Bool = false) {
        rules.withLock { $0.accepting = !refuse }
        for channel in open.withLock({ Array($0.values) }) { channel.close(promise: nil) }
    }

    private func close() async {
        cutAll(andRefuse: true)
        try? await listener.close()
    }

    private func join(_ client: any Channel, to port: Int) -> EventLoopFuture<Void> {
        guard rules.withLock({ $0.accepting }) else { return client.close() }
        return ClientBootstrap(group: client.eventLoop)
            .channelOption(.autoRead, value: false)
            .connect(host: "127.0.0.1", port: port)
            .flatMapThrowing { server in
                self.remember(client)
                self.remember(server)
                try client.pipeline.syncOperations.addHandler(ProxyHandler(peer: server, proxy: self, fromClient: true))
                try server.pipeline.syncOperations.addHandler(
                    ProxyHandler(peer: client, proxy: self, fromClient: false)
                )
                for channel in [client, server] {
                    channel.setOption(.autoRead, value: true).whenFailure { _ in channel.close(promise: nil) }
                }
            }
    }

    private func remember(_ channel: any Channel) {
        let key = ObjectIdentifier(channel)
        open.withLock { $0[key] = channel }
        channel.closeFuture.whenComplete { _ in _ = self.open.withLock { $0.removeValue(forKey: key) } }
    }

    /// A request names the server it meant, as a reverse proxy is told to do; the server answers 421 to other names.
    fileprivate func withTheServersHost(_ buffer: ByteBuffer, _ text: String) -> ByteBuffer {
        guard text.hasPrefix("GET ") || text.hasPrefix("POST ") else { return buffer }
        return ByteBuffer(string: text.replacing(authority, with: "127.0.0.1:\(target)"))
    }

    fileprivate func verdict(on text: String, fromClient: Bool) -> (Verdict, TimeAmount) {
        let (rule, delay) = rules.withLock { (fromClient ? $0.toServer : $0.toClient, $0.delay) }
        return (rule(text), delay)
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
    private let fromClient: Bool
    private var isSilent = false

    init(peer: any Channel, proxy: Proxy, fromClient: Bool) {
        self.peer = peer
        self.proxy = proxy
        self.fromClient = fromClient
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let arrived = unwrapInboundIn(data)
        let text = String(decoding: arrived.readableBytesView, as: UTF8.self)
        let buffer = fromClient ? proxy.withTheServersHost(arrived, text) : arrived
        guard !isSilent else { return }
        let (verdict, delay) = proxy.verdict(on: text, fromClient: fromClient)
        let here = context.channel
        let peer = peer
        switch verdict {
        case .drop: isSilent = true
        case .cut:
            here.close(promise: nil)
            peer.close(promise: nil)
        case .pass, .passThenCut:
            peer.eventLoop.scheduleTask(in: delay) {
                let written = peer.writeAndFlush(buffer)
                guard case .passThenCut = verdict else { return }
                written.whenComplete { _ in
                    peer.close(promise: nil)
                    here.close(promise: nil)
                }
            }
        }
    }

    /// The end of one side follows what was said before it.
    func channelInactive(context: ChannelHandlerContext) {
        let peer = peer
        let (_, delay) = proxy.verdict(on: "", fromClient: fromClient)
        peer.eventLoop.scheduleTask(in: delay + .milliseconds(1)) { peer.close(promise: nil) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
