import ClavigerWire
package import ControlPlane
import Domain
package import HTTPKernel
import HTTPTypes
import Hummingbird
import NIOCore

/// The paths on which owners of APIs ask about their callers' tokens (TOK-5), answered in front of the router: no
/// middleware runs for them, and they write no log line of their own.
package struct VerificationPaths: Sendable {
    let service: VerificationService
    let configuration: EdgeConfiguration
    private let metrics: [String: RouteMetrics]

    package init(service: VerificationService, configuration: EdgeConfiguration, registry: MetricsRegistry) {
        self.service = service
        self.configuration = configuration
        metrics = Dictionary(
            uniqueKeysWithValues: Self.routes.map { route in
                (route.template, RouteMetrics(method: route.method.rawValue, route: route.template, registry))
            }
        )
        registry.reading("claviger_credential_index_records", "Tokens that are known without asking the database.") {
            Int64(service.indexSize.known)
        }
        registry.reading("claviger_credential_index_unknown", "Hashes that are known to be nobody's.") {
            Int64(service.indexSize.unknown)
        }
        registry.reading("claviger_usage_lost_total", "Uses that were not counted for want of room.", kind: .counter) {
            Int64(service.usage.lost)
        }
    }

    /// Every path here, as lists, metrics and `endpoint:` scopes name it.
    package static let routes = [
        Route(.post, APIPath.verifyToken.fullTemplate, .inFront(.tokensVerify)),
        Route(.post, APIPath.oauthIntrospect.fullTemplate, .inFront(.tokensVerify)),
        Route(.post, APIPath.oauthRevoke.fullTemplate, .inFront(.tokensVerify)),
        Route(.get, APIPath.forwardAuth.fullTemplate, .inFront(nil)),
        Route(.get, APIPath.authorizationServer.fullTemplate, .inFront(nil)),
    ]

    /// What answers each exact path.
    package var hot: [String: EdgeResponder.Hot] {
        [
            APIPath.verifyToken.fullTemplate: answering(APIPath.verifyToken, .post, verify),
            APIPath.oauthIntrospect.fullTemplate: answering(APIPath.oauthIntrospect, .post, introspect),
            APIPath.oauthRevoke.fullTemplate: answering(APIPath.oauthRevoke, .post, revoke),
            APIPath.authorizationServer.fullTemplate: answering(APIPath.authorizationServer, .get, metadata),
        ]
    }

    /// What answers every path below `/auth/forward/`.
    package var prefixed: (prefix: String, hot: EdgeResponder.Hot) {
        let measured = metrics[APIPath.forwardAuth.fullTemplate]
        return (
            Self.forwardPrefix,
            { request, context in
                let begun = ContinuousClock.now
                let response = await self.forward(request, context)
                measured?.record(response.status, ContinuousClock.now - begun)
                return response
            }
        )
    }

    /// One request with what every path here needs to know of it.
    struct Knock: Sendable {
        let request: Request
        let requestID: EdgeRequestID
        let address: IPAddress?
        private let begun = ContinuousClock.now

        init(request: Request, requestID: EdgeRequestID, address: IPAddress?) {
            self.request = request
            self.requestID = requestID
            self.address = address
        }

        /// Whether the body took so long that whoever asks may have lost their rights meanwhile.
        var wasSlow: Bool { ContinuousClock.now - begun > .milliseconds(100) }

        /// Whoever asks, before anything is known of them.
        var anonymous: Caller {
            .anonymous(
                address: address?.description,
                userAgent: UserAgent.sane(request.headers[.userAgent]),
                requestID: requestID.text,
                surface: .api
            )
        }
    }

    private func answering(
        _ path: APIPath,
        _ method: HTTPRequest.Method,
        _ answer: @escaping @Sendable (Knock) async throws -> Response
    ) -> EdgeResponder.Hot {
        let (configuration, measured) = (configuration, metrics[path.fullTemplate])
        return { request, context in
            let begun = ContinuousClock.now
            let requestID = EdgeRequestID(incoming: request.headers[.xRequestID])
            var response: Response
            do {
                guard configuration.hosts.accepts(request.head.authority) else { throw HTTPProblem.unknownHost }
                guard request.method == method else { throw HTTPProblem.methodNotAllowed([method]) }
                let address = configuration.proxies.clientAddress(peer: context.peer, fields: request.headers)
                response = try await answer(Knock(request: request, requestID: requestID, address: address))
            } catch let error as OAuthError {
                response = error.response
            } catch {
                response = HTTPProblem(mapping: error).response(requestID: requestID)
            }
            response.headers[.xRequestID] = requestID.text
            StandardHeaders.add(to: &response.headers)
            measured?.record(response.status, ContinuousClock.now - begun)
            return response
        }
    }
}
