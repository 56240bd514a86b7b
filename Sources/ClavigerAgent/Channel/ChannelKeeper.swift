import ClavigerWire
import Logging
import NIOCore
import NIOHTTP1
import Transport

/// Keeps one channel to the server, for as long as the credential lives and nobody stops the agent (AGT-7, REV-2).
struct ChannelKeeper {
    /// How long to wait before the next round, and why.
    private enum Pause {
        case short(retryAfter: Duration?)
        case long(retryAfter: Duration?)
    }

    let tools: AgentTools
    private var state: AgentState
    private var backoff: Backoff

    init(tools: AgentTools, state: AgentState) {
        self.tools = tools
        self.state = state
        backoff = tools.backoff
    }

    /// Runs until the task is cancelled; throws when the credential has come to its end.
    mutating func run() async throws(AgentError) {
        while !Task.isCancelled {
            state.shelf.beginConnecting()
            let pause = try await round()
            guard !Task.isCancelled else { return }
            let chance = Double.random(in: 0..<1)
            let wait =
                switch pause {
                case .short(let retryAfter): backoff.next(chance: chance, retryAfter: retryAfter)
                case .long(let retryAfter): backoff.long(chance: chance, retryAfter: retryAfter)
                }
            tools.logger.info("reconnecting", metadata: ["wait": "\(wait)"])
            try? await Task.sleep(for: wait)
        }
    }

    /// Presents the tokens, newest first, until one opens a channel or there is a reason to wait.
    private mutating func round() async throws(AgentError) -> Pause {
        while let slot = state.shelf.presented, !Task.isCancelled {
            let (answer, fault) = try await hold(slot)
            if let fault { return fault }
            guard let answer else { return .short(retryAfter: nil) }
            let problem = ServerProblem(answer)
            tools.logger.warning(
                "the server refused the channel",
                metadata: ["status": "\(problem.status)", "code": "\(problem.code?.rawValue ?? "none")"]
            )
            switch state.shelf.upgradeRefused(slot, code: problem.code?.rawValue) {
            case .erase: throw try await erase(.revoked)
            case .tryOlder: continue
            case .exhausted:
                tools.logger.error("the server knows none of this agent's tokens; reset the agent")
                return .long(retryAfter: problem.retryAfter)
            case .keep:
                return problem.asksForLongWait
                    ? .long(retryAfter: problem.retryAfter) : .short(retryAfter: problem.retryAfter)
            }
        }
        return .short(retryAfter: nil)
    }

    /// Opens a channel with one token and holds it to its end.
    ///
    /// Gives the answer of a server that refused, or the pause that follows from what happened.
    private mutating func hold(_ slot: TokenShelf.Slot) async throws(AgentError) -> (HTTPAnswer?, Pause?) {
        guard let token = state.shelf[slot]?.text else { return (nil, .short(retryAfter: nil)) }
        let (events, continuation) = AsyncStream.makeStream(
            of: ChannelEvent.self,
            bufferingPolicy: .bufferingOldest(256)
        )
        let gone = tools.keeper.eventLoop.makePromise(of: Void.self)
        let handle = ChannelHandle()
        do {
            let refusal = try await tools.client.openWebSocket(tools.origin, opening(token)) { _ in
                ChannelInbox(events: continuation, gone: gone, handle: handle)
            }
            if let refusal {
                gone.succeed()
                return (refusal, nil)
            }
        } catch {
            gone.succeed()
            if error.code != .cancelled {
                tools.logger.warning("no connection", metadata: ["error": "\(error)"])
            }
            return (nil, .short(retryAfter: nil))
        }
        return (nil, try await follow(events, slot, handle, gone.futureResult))
    }

    private mutating func follow(
        _ events: AsyncStream<ChannelEvent>,
        _ slot: TokenShelf.Slot,
        _ handle: ChannelHandle,
        _ gone: EventLoopFuture<Void>
    ) async throws(AgentError) -> Pause {
        var run = ChannelRun(tools: tools, slot: slot, state: state)
        var fault: AgentError?
        for await event in events {
            do {
                try await run.handle(event)
            } catch {
                fault = error
                break
            }
        }
        state = run.state
        handle.close(code: 1001, reason: "the agent stops")
        try? await gone.get()
        if let fault { throw fault }
        if run.isAccepted { backoff.reset() }
        guard let closure = run.closure else {
            tools.logger.notice("stopped")
            return .short(retryAfter: nil)
        }
        return try await pause(after: closure)
    }

    private func pause(after closure: WebSocketClosure) async throws(AgentError) -> Pause {
        tools.logger.notice(
            "disconnected",
            metadata: ["code": "\(closure.code)", "reason": "\(closure.reason)", "by": "\(closure.initiator)"]
        )
        // Only the server's own close frame may end a credential.
        guard closure.initiator == .remote else { return .short(retryAfter: nil) }
        switch CloseMeaning(code: closure.code) {
        case .erase(let end): throw try await erase(end)
        case .waitLong: return .long(retryAfter: nil)
        case .reconnect: return .short(retryAfter: nil)
        case .fault:
            tools.logger.error("the server reports a fault of this agent", metadata: ["code": "\(closure.code)"])
            return .short(retryAfter: nil)
        }
    }

    /// Erases tokens and key; gives the error with which the agent stops.
    private func erase(_ end: AgentEnd) async throws(AgentError) -> AgentError {
        tools.logger.notice("the credential has ended; tokens and key are erased", metadata: ["end": "\(end.rawValue)"])
        try await tools.keeper.erase(state.erased(end))
        return AgentError(end: end)
    }

    private func opening(_ token: SecretText) -> WebSocketOpening {
        let headers: HTTPHeaders = [
            "Authorization": "Bearer \(token.revealed())",
            "User-Agent": "claviger-agent/\(ClavigerAgent.version)",
        ]
        return WebSocketOpening(
            path: APIPath.agentChannel.path(),
            headers: headers,
            subprotocol: ChannelProtocol.subprotocol,
            configuration: WebSocketConfiguration(
                role: .client,
                maximumMessageBytes: ChannelProtocol.maximumFrameBytes,
                closeTimeout: .seconds(2)
            ),
            timeouts: tools.timeouts
        )
    }
}
