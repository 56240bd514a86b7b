/// Names of the HTTP headers that Claviger gives a meaning of its own.
public enum HeaderName {
    /// On POST requests that create or rotate: the same key gets the same answer for 24 hours.
    public static let idempotencyKey = "Idempotency-Key"
    /// On every answer: the id of the request, as in the server's log.
    public static let requestID = "X-Request-ID"
    /// On requests with a session: the organization the person acts in; otherwise their oldest membership.
    public static let organization = "Claviger-Organization"
    /// On requests with a session: the workspace the person acts in; otherwise their oldest in the organization.
    public static let workspace = "Claviger-Workspace"
    /// On requests: the program that asks on behalf of a person; `cli` makes it the surface in the audit trail.
    public static let surface = "X-Claviger-Surface"
}

/// What an answer of `/auth/forward/{api_…}` tells the proxy, each on every answer, empty if there is nothing to tell.
extension HeaderName {
    /// The status that is meant, where `?deny=403` hides it.
    public static let status = "X-Claviger-Status"
    /// The code of a refusal.
    public static let code = "X-Claviger-Code"
    /// Whose token it is: `usr_…` or `sva_…`.
    public static let identity = "X-Claviger-Identity"
    /// `user` or `service`.
    public static let identityKind = "X-Claviger-Identity-Kind"
    /// The id of the token: `crd_…`.
    public static let token = "X-Claviger-Token"
    /// The organization of the token.
    public static let tokenOrganization = "X-Claviger-Token-Organization"
    /// The workspace of the token.
    public static let tokenWorkspace = "X-Claviger-Token-Workspace"
    /// The scopes that are in force, with blanks between.
    public static let scopes = "X-Claviger-Scopes"
    /// From 80 % of the month's quota on: the highest of 80, 95 and 100 that is reached.
    public static let quotaWarning = "X-Claviger-Quota-Warning"

    /// The headers of the identity, which a proxy has to set anew on each request that it passes on.
    public static let identityHeaders = [
        identity, identityKind, token, tokenOrganization, tokenWorkspace, scopes,
    ]
}
