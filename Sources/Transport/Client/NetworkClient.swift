package import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import NIOWebSocket

/// What a client may do on the network.
package struct NetworkSettings: Sendable {
    /// The proxy for https.
    ///
    /// Default none.
    package var proxy: ProxySettings
    /// PEM file with certificate authorities to trust beside the system's.
    package var extraRootsFile: String?
    /// Whether plain http may go to addresses other than loopback.
    ///
    /// Default no.
    package var allowsPlainText: Bool
    /// Limit for one TCP connection.
    ///
    /// Default 10 s.
    package var connectTimeout: TimeAmount

    package init(
        proxy: ProxySettings = .none,
        extraRootsFile: String? = nil,
        allowsPlainText: Bool = false,
        connectTimeout: TimeAmount = .seconds(10)
    ) {
        self.proxy = proxy
        self.extraRootsFile = extraRootsFile
        self.allowsPlainText = allowsPlainText
        self.connectTimeout = connectTimeout
    }
}

/// The agent's way to its server: one request a connection, or one WebSocket a connection.
///
/// Every address of a name is tried (RFC 8305). TLS is verified in full, name and chain. Nothing is retried here.
package struct NetworkClient: Sendable {
    private let group: any EventLoopGroup
    private let settings: NetworkSettings
    private let tls: NIOSSLContext?

    /// Makes a client; `secure: false` spares the memory of the system's certificates where only http is spoken.
    package init(group: any EventLoopGroup, settings: NetworkSettings, secure: Bool) throws(TransportError) {
        self.group = group
        self.settings = settings
        tls = secure ? try Self.tlsContext(settings) : nil
    }

    private static func tlsContext(_ settings: NetworkSettings) throws(TransportError) -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.certificateVerification = .fullVerification
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        if let file = settings.extraRootsFile { configuration.additionalTrustRoots = [.file(file)] }
        do {
            return try NIOSSLContext(configuration: configuration)
        } catch {
            let file = settings.extraRootsFile.map { " or \($0)" } ?? ""
            throw TransportError(
                .tlsFailed,
                "The certificate authorities of the system\(file) can't be read.",
                cause: error
            )
        }
    }

    /// Asks one question and gives the whole answer.
    package func ask(
        _ origin: WebOrigin,
        _ question: HTTPQuestion,
        timeLimit: TimeAmount = .seconds(30)
    ) async throws(TransportError) -> HTTPAnswer {
        var headers = question.headers
        headers.replaceOrAdd(name: "Connection", value: "close")
        if !question.body.isEmpty || question.method == .POST {
            headers.replaceOrAdd(name: "Content-Length", value: "\(question.body.count)")
        }
        let prepared = PreparedExchange(
            head: head(origin, question.method, question.path, headers),
            body: question.body,
            bodyLimit: question.bodyLimit,
            onSwitch: nil
        )
        guard case .answer(let answer) = try await exchange(origin, prepared, timeLimit) else {
            throw TransportError(.badAnswer, "The server changed the protocol without being asked.")
        }
        return answer
    }

    /// Opens a WebSocket.
    ///
    /// Gives the server's answer if it refused; nil if the session is open, in which case the delegate has been told
    /// before.
    package func openWebSocket(
        _ origin: WebOrigin,
        _ opening: WebSocketOpening,
        timeLimit: TimeAmount = .seconds(30),
        makeDelegate: @escaping @Sendable (any EventLoop) -> any WebSocketSessionDelegate
    ) async throws(TransportError) -> HTTPAnswer? {
        let key = NIOWebSocketClientUpgrader.randomRequestKey()
        var headers = opening.headers
        headers.replaceOrAdd(name: "Connection", value: "Upgrade")
        headers.replaceOrAdd(name: "Upgrade", value: "websocket")
        headers.replaceOrAdd(name: "Sec-WebSocket-Version", value: "13")
        headers.replaceOrAdd(name: "Sec-WebSocket-Key", value: key)
        headers.replaceOrAdd(name: "Sec-WebSocket-Protocol", value: opening.subprotocol)
        let prepared = PreparedExchange(
            head: head(origin, .GET, opening.path, headers),
            body: [],
            bodyLimit: opening.refusalBodyLimit
        ) { answer, pipeline, eventLoop in
            try opening.check(answer, key: key)
            let handler = WebSocketSessionHandler(
                configuration: opening.configuration,
                timeouts: opening.timeouts,
                delegate: makeDelegate(eventLoop)
            )
            try handler.install(in: pipeline)
        }
        guard case .answer(let answer) = try await exchange(origin, prepared, timeLimit) else { return nil }
        return answer
    }

    private func head(
        _ origin: WebOrigin,
        _ method: HTTPMethod,
        _ path: String,
        _ headers: HTTPHeaders
    ) -> HTTPRequestHead {
        var headers = headers
        headers.replaceOrAdd(name: "Host", value: origin.authority)
        return HTTPRequestHead(version: .http1_1, method: method, uri: origin.pathPrefix + path, headers: headers)
    }
}

/// What is needed to start an exchange once a connection stands.
private struct PreparedExchange: Sendable {
    let head: HTTPRequestHead
    let body: [UInt8]
    let bodyLimit: Int
    let onSwitch: (@Sendable (HTTPResponseHead, ChannelPipeline.SynchronousOperations, any EventLoop) throws -> Void)?

    func start(on channel: any Channel, outcome: EventLoopPromise<HTTPExchangeHandler.Outcome>) throws {
        let pipeline = channel.pipeline.syncOperations
        let decoder = HTTPResponseDecoder(leftOverBytesStrategy: onSwitch == nil ? .dropBytes : .forwardBytes)
        let eventLoop = channel.eventLoop
        let onSwitch = onSwitch
        let handler = HTTPExchangeHandler(
            head: head,
            body: body,
            bodyLimit: bodyLimit,
            outcome: outcome,
            onSwitch: onSwitch.map { check in { try check($0, $1, eventLoop) } }
        )
        try pipeline.addHandlers(HTTPRequestEncoder(), ByteToMessageHandler(decoder), handler)
    }
}

extension NetworkClient {
    private func exchange(
        _ origin: WebOrigin,
        _ prepared: PreparedExchange,
        _ timeLimit: TimeAmount
    ) async throws(TransportError) -> HTTPExchangeHandler.Outcome {
        guard origin.isSecure || origin.isLoopback || settings.allowsPlainText else {
            throw TransportError(
                .plainTextRefused,
                "Plain http is allowed to this machine only; use https for \(origin.authority)."
            )
        }
        let eventLoop = group.next()
        let outcome = eventLoop.makePromise(of: HTTPExchangeHandler.Outcome.self)
        let limit = eventLoop.scheduleTask(in: timeLimit) {
            outcome.fail(TransportError(.timedOut, "\(origin.authority) did not answer in time."))
        }
        outcome.futureResult.whenComplete { _ in limit.cancel() }
        // On the loop from the first step: the exchange listens before the connection can say anything.
        eventLoop.execute {
            connect(origin, on: eventLoop).whenComplete { result in
                do {
                    let channel = try result.get()
                    outcome.futureResult.whenFailure { _ in channel.close(promise: nil) }
                    try prepared.start(on: channel, outcome: outcome)
                } catch {
                    outcome.fail(TransportError.from(error))
                }
            }
        }
        do {
            return try await withTaskCancellationHandler {
                try await outcome.futureResult.get()
            } onCancel: {
                outcome.fail(TransportError(.cancelled, "The request was given up."))
            }
        } catch {
            throw TransportError.from(error)
        }
    }

    /// A connection that speaks HTTP to the origin: TCP, the proxy's tunnel if one is set, TLS if the origin is secure.
    private func connect(_ origin: WebOrigin, on eventLoop: any EventLoop) -> EventLoopFuture<any Channel> {
        let proxy = settings.proxy.proxy(for: origin)
        let bootstrap = ClientBootstrap(group: eventLoop).connectTimeout(settings.connectTimeout)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
        let connected = bootstrap.connect(host: proxy?.host ?? origin.host, port: proxy?.port ?? origin.port)
            .flatMapErrorThrowing { throw TransportError.from($0) }
        return connected.flatMap { channel in
            tunnel(through: proxy, to: origin, channel).flatMapThrowing {
                if origin.isSecure { try addTLS(origin, channel) }
                return channel
            }.flatMapError { error in
                channel.close(promise: nil)
                return eventLoop.makeFailedFuture(error)
            }
        }
    }

    private func tunnel(
        through proxy: ProxySettings.Proxy?,
        to origin: WebOrigin,
        _ channel: any Channel
    ) -> EventLoopFuture<Void> {
        guard let proxy else { return channel.eventLoop.makeSucceededVoidFuture() }
        let opened = channel.eventLoop.makePromise(of: Void.self)
        let limit = channel.eventLoop.scheduleTask(in: settings.connectTimeout) {
            opened.fail(TransportError(.timedOut, "The proxy did not open a tunnel in time."))
        }
        opened.futureResult.whenComplete { _ in limit.cancel() }
        let host = origin.host.contains(":") ? "[\(origin.host)]" : origin.host
        let handler = ProxyTunnelHandler(
            authority: "\(host):\(origin.port)",
            authorization: proxy.authorization,
            opened: opened
        )
        do {
            try channel.pipeline.syncOperations.addHandler(handler)
        } catch {
            opened.fail(error)
        }
        return opened.futureResult
    }

    private func addTLS(_ origin: WebOrigin, _ channel: any Channel) throws {
        guard let tls else { throw TransportError(.tlsFailed, "This client was made for plain http only.") }
        let isAddress = origin.host.contains(":") || (try? SocketAddress(ipAddress: origin.host, port: 0)) != nil
        let handler = try NIOSSLClientHandler(context: tls, serverHostname: isAddress ? nil : origin.host)
        try channel.pipeline.syncOperations.addHandler(handler)
    }
}

extension TransportError {
    /// Gives an error from the libraries below its kind.
    static func from(_ error: any Error) -> TransportError {
        switch error {
        case let known as TransportError: known
        case is NIOSSLError, is BoringSSLError, is NIOSSLExtraError:
            TransportError(.tlsFailed, "The server's identity could not be verified.", cause: error)
        case is HTTPParserError: TransportError(.badAnswer, "The server did not answer with HTTP.", cause: error)
        case ChannelError.connectTimeout: TransportError(.timedOut, "No connection in time.", cause: error)
        case is NIOConnectionError: TransportError(.connectFailed, "No connection could be made.", cause: error)
        default: TransportError(.connectionLost, "The connection failed.", cause: error)
        }
    }
}
