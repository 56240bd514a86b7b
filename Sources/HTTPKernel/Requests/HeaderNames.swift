import ClavigerWire
package import HTTPTypes

extension HTTPField.Name {
    private static func known(_ name: String) -> HTTPField.Name {
        // Every name in this file is a valid token; the fallback can't be reached.
        HTTPField.Name(name) ?? .via
    }

    package static let xForwardedFor = known("X-Forwarded-For")
    package static let xRequestID = known(HeaderName.requestID)
    package static let idempotencyKey = known(HeaderName.idempotencyKey)
    package static let surface = known(HeaderName.surface)
    package static let organization = known(HeaderName.organization)
    package static let workspace = known(HeaderName.workspace)
    package static let host = known("Host")
    package static let xContentTypeOptions = known("X-Content-Type-Options")
    package static let contentSecurityPolicy = known("Content-Security-Policy")
    package static let forwarded = known("Forwarded")
    package static let referrerPolicy = known("Referrer-Policy")
    package static let clavigerStatus = known(HeaderName.status)
    package static let clavigerCode = known(HeaderName.code)
    package static let clavigerIdentity = known(HeaderName.identity)
    package static let clavigerIdentityKind = known(HeaderName.identityKind)
    package static let clavigerToken = known(HeaderName.token)
    package static let clavigerOrganization = known(HeaderName.tokenOrganization)
    package static let clavigerWorkspace = known(HeaderName.tokenWorkspace)
    package static let clavigerScopes = known(HeaderName.scopes)
    package static let quotaWarning = known(HeaderName.quotaWarning)
    package static let xFrameOptions = known("X-Frame-Options")
}

extension HTTPFields {
    /// What `self[name]` answers; quicker where a field comes once, which is nearly always.
    package func combined(_ name: HTTPField.Name) -> String? {
        var fields = lazy.filter { $0.name == name }.makeIterator()
        let first = fields.next()
        return fields.next() == nil ? first?.value : self[name]
    }
}
