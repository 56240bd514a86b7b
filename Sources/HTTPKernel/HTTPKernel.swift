/// # HTTPKernel
///
/// What every edge shares between a socket and a use case: limits of a connection, request ids, the caller's address
/// and credential, the route table, JSON bodies, problem details (RFC 9457), idempotency keys, access logs, and the
/// metrics registry.
///
/// A request passes `EdgeResponder`: hot paths first (no middleware runs for them), then host check, route look-up,
/// authentication and the route's handler. A handler that is given an ``AuthenticatedContext`` can be sure that
/// somebody stands behind it; there is no other way to get one.
///
/// May import: ControlPlane, Domain, ClavigerWire, StrictJSON, Hummingbird, HTTPTypes, Logging, NIOCore.
enum HTTPKernel {}
