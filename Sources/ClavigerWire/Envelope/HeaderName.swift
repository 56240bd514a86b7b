/// Names of the HTTP headers that Claviger gives a meaning of its own.
public enum HeaderName {
    /// On POST requests that create or rotate: the same key gets the same answer for 24 hours.
    public static let idempotencyKey = "Idempotency-Key"
    /// On every answer: the id of the request, as in the server's log.
    public static let requestID = "X-Request-ID"
    /// On requests: the program that asks on behalf of a person; `cli` makes it the surface in the audit trail.
    public static let surface = "X-Claviger-Surface"
}
