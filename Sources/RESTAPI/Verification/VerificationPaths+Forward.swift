import ClavigerWire
import ControlPlane
import Domain
import HTTPKernel
import HTTPTypes
import Hummingbird

extension VerificationPaths {
    static let forwardPrefix = "/auth/forward/"

    /// `GET /auth/forward/{api_…}` for nginx, Traefik and Caddy: the status says whether the request may pass.
    ///
    /// With `?deny=403` what is neither 200 nor 401 is told as 403, which nginx understands; the true status stands in
    /// `X-Claviger-Status`. Every header of the identity is set on every answer, so that a proxy that copies them
    /// overwrites what a client sent.
    func forward(_ request: Request, _ context: EdgeContext) async -> Response {
        let (path, deniesBy403) = Self.split(request.head.path ?? "")
        var answer = ForwardAnswer(deniesBy403: deniesBy403)
        do {
            guard configuration.hosts.accepts(request.head.authority) else { throw HTTPProblem.unknownHost }
            guard request.method == .get || request.method == .head else {
                throw HTTPProblem.methodNotAllowed([.get, .head])
            }
            guard let id = ProtectedAPIID(String(path.dropFirst(Self.forwardPrefix.count))) else {
                throw HTTPProblem.unknownRoute
            }
            let credential = try BearerCredential(request.headers)
            let peer = context.peer.flatMap { IPAddress($0) }
            let client = configuration.proxies.forwardedAddress(peer: peer, fields: request.headers)
            try await answer.take(service.verify(credential.token, at: id, from: client, asker: peer), service.routes)
        } catch {
            answer.take(HTTPProblem(mapping: error))
        }
        return answer.response
    }

    private static func split(_ target: String) -> (path: Substring, deniesBy403: Bool) {
        guard let mark = target.utf8.firstIndex(of: UInt8(ascii: "?")) else { return (target[...], false) }
        let query = target[target.index(after: mark)...]
        return (target[..<mark], query.split(separator: "&").contains("deny=403"))
    }
}

/// An answer to a proxy: a status and headers, no body.
struct ForwardAnswer {
    private let deniesBy403: Bool
    private var status = HTTPResponse.Status.ok
    private var code = ""
    private var token: IndexedToken?
    private var texts: IndexedToken.Texts?
    private var more: [HTTPField] = []

    init(deniesBy403: Bool) { self.deniesBy403 = deniesBy403 }

    mutating func take(_ answer: VerificationAnswer?, _ routes: RouteActions) {
        switch answer {
        case .valid(let valid):
            token = valid.token
            texts = valid.token.texts(routes: routes)
            if let threshold = valid.limits?.threshold {
                more.append(HTTPField(name: .quotaWarning, value: String(threshold.rawValue)))
            }
        case .refused(let refused):
            take(HTTPProblem(ControlPlaneError(refused.code, "")))
            for (name, value) in refused.limits?.headers?.fields ?? [] {
                if let name = HTTPField.Name(name) { more.append(HTTPField(name: name, value: value)) }
            }
            if let threshold = refused.limits?.threshold {
                more.append(HTTPField(name: .quotaWarning, value: String(threshold.rawValue)))
            }
        case nil: take(.unauthorized(.invalidToken, ""))
        }
    }

    mutating func take(_ problem: HTTPProblem) {
        status = problem.status
        code = problem.code.rawValue
        more = Array(problem.headers)
    }

    var response: Response {
        let isHidden = deniesBy403 && status != .ok && status != .unauthorized && status != .forbidden
        var fields = HTTPFields()
        fields.reserveCapacity(10 + more.count)
        fields.append(HTTPField(name: .clavigerStatus, value: String(status.code)))
        fields.append(HTTPField(name: .clavigerCode, value: code))
        fields.append(HTTPField(name: .clavigerIdentity, value: token?.actor.id ?? ""))
        fields.append(HTTPField(name: .clavigerIdentityKind, value: token?.actor.kind.rawValue ?? ""))
        fields.append(HTTPField(name: .clavigerToken, value: texts?.id ?? ""))
        fields.append(HTTPField(name: .clavigerOrganization, value: texts?.organization ?? ""))
        fields.append(HTTPField(name: .clavigerWorkspace, value: texts?.workspace ?? ""))
        fields.append(HTTPField(name: .clavigerScopes, value: texts?.scopeList ?? ""))
        fields.append(HTTPField(name: .cacheControl, value: "no-store"))
        for field in more { fields.append(field) }
        return Response(status: isHidden ? .forbidden : status, headers: fields)
    }
}
