package import ControlPlane
package import Domain
package import Hummingbird
package import Logging
package import NIOCore

/// What Hummingbird gives every request, before anything is known about the caller.
package struct EdgeContext: InitializableFromSource, Sendable {
    package let peer: SocketAddress?
    package let logger: Logger

    package init(source: ApplicationRequestContextSource) {
        peer = source.channel.remoteAddress
        logger = source.logger
    }
}

/// What the kernel knows of a request that it has let in, authenticated or not.
package struct OpenContext: Sendable {
    /// The id of the request, echoed in the answer.
    package let requestID: EdgeRequestID
    /// Who asks, as far as the network tells.
    package let address: IPAddress?
    package let userAgent: String?
    /// Whether the client says it is our command line (`X-Claviger-Surface: cli`).
    package let isFromCommandLine: Bool
    /// The values of the route's `{placeholders}`.
    package let parameters: PathParameters
    /// The canonical template of the route, the same for every mount of it.
    package let template: String
    /// The same with the method, as `endpoint:` scopes name it.
    let route: ScopeRoute?
    /// What the route does, if tokens of programs have business there.
    let action: ScopeAction?
    package let limits: EdgeLimits
    package let logger: Logger
}

/// Proof that the caller was authenticated: only the kernel can make one.
package struct AuthenticatedContext: Sendable {
    package let request: OpenContext
    package let caller: Caller
}

extension OpenContext {
    /// The door the request came in by, as the client states it.
    ///
    /// It is noted in audit events and decides nothing.
    package var surface: Surface {
        isFromCommandLine ? .cli : .api
    }

    /// The caller of an operation that needs no credential.
    package var anonymousCaller: Caller {
        .anonymous(
            address: address.map(String.init(describing:)),
            userAgent: userAgent,
            requestID: requestID.text,
            surface: surface
        )
    }
}
