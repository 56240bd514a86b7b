import ClavigerWire
import ControlPlane
import Domain
import HTTPKernel
import NIOCore
import StrictJSON
import Transport

extension ChannelConnection {
    /// Takes the first frame: it must be the hello.
    ///
    /// Anything else ends the channel.
    func greet(_ message: JSONRPCMessage, nonce: [UInt8]) {
        guard case .request(let id, ChannelMethod.hello, let params) = message else {
            endpoint.metrics.faults.increment()
            return finish(.protocolError, "the first frame must be agent.hello with an id")
        }
        let challenge = ChannelProof.message(
            nonce: nonce,
            credentialID: ticket.credentialID.text,
            tokenDigest: ticket.tokenDigest
        )
        guard let hello = Self.hello(params, challenge: challenge) else {
            endpoint.metrics.faults.increment()
            return finish(.protocolError, "agent.hello has bad params")
        }
        box.value.phase = .greeting
        box.value.capabilities = Set(hello.capabilities)
        let opened: EventLoopFuture<ChannelOpening> = eventLoop.makeFutureWithTask { [endpoint, ticket] in
            try await endpoint.service.open(ticket, hello: hello, connection: self)
        }
        opened.whenComplete { [self] result in
            switch result {
            case .success(let opening): welcome(opening, id: id)
            case .failure(let error): turnAway(error)
            }
        }
    }

    private func welcome(_ opening: ChannelOpening, id: String) {
        let (session, result) = opening
        guard case .greeting = box.value.phase else { return endpoint.service.closed(session) }
        box.value.phase = .open(session)
        box.value.session?.setTimer(nil)
        let answer = ChannelWelcome(
            mode: ChannelModeName(result.mode),
            serverTime: result.serverTime.rfc3339,
            agentID: session.agentID.text,
            generation: result.generation,
            tokenExpiresAt: result.tokenExpiresAt?.rfc3339,
            settings: result.mode == .full ? result.settings.merging(endpoint.agentSettings) { $1 } : nil,
            capabilities: ChannelCapability.all
        )
        if let message = try? JSONRPCMessage.response(id: id, answer) { write(message) }
        endpoint.service.opened(session)
        work()
    }

    /// Closes with the code that tells the agent what to do; where only a new upgrade can tell, it is asked to come
    /// back.
    private func turnAway(_ error: any Error) {
        switch (error as? ControlPlaneError)?.code {
        case .proofFailed: finish(.proofFailed)
        case .revokedToken, .agentRevoked: finish(.revoked)
        case .suspendedToken, .agentPaused: finish(.paused)
        case .blocked: finish(.blocked)
        case .invalidFields: finish(.protocolError, "agent.hello has bad params")
        default: finish(.reconnect)
        }
    }

    private static func hello(_ params: JSONValue, challenge: [UInt8]) -> ChannelHello? {
        guard let params = try? params.decoded(as: HelloParams.self),
            let signature = Base64URL.decode(params.signature), signature.count == 64
        else { return nil }
        let stated = [
            params.version, params.hostname, params.os, params.arch, params.cloud, params.region, params.instanceID,
        ]
        let capabilities = params.capabilities ?? []
        guard stated.allSatisfy({ ($0?.utf8.count ?? 0) <= 255 }), capabilities.count <= 64,
            capabilities.allSatisfy({ (1...64).contains($0.utf8.count) })
        else { return nil }
        return ChannelHello(
            challenge: challenge,
            signature: signature,
            statement: AgentStatement(
                hostname: params.hostname,
                os: params.os,
                arch: params.arch,
                version: params.version,
                cloud: params.cloud,
                region: params.region,
                instanceID: params.instanceID
            ),
            capabilities: capabilities,
            superseded: params.superseded ?? false
        )
    }
}
