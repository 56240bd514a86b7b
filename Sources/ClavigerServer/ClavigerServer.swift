/// The composition root: settings → data directory → database → keys → services → routers → one `ServiceGroup`.
///
/// This is the only target that names a database driver, makes a clock or a source of randomness, opens the data
/// directory and installs signal handling. Everything below receives those as values. It decides nothing about
/// credentials: a rule that seems to belong here belongs in `Domain` or `ControlPlane`.
///
/// May import every target of the lower floors, and Hummingbird, NIO, ServiceLifecycle, Logging and Yams. Only
/// `Commands` imports it.
package enum ClavigerServer {
    /// The version that `claviger version`, the ready line and the metrics state.
    package static let version = "0.1.0"
}
