/// # ControlPlane
///
/// What Claviger does, as use cases: each takes a ``Caller``, authorises, and changes and audits in one transaction;
/// effects such as a push to an agent come after the commit. Background services live here too.
///
/// It may import `Domain`, `Store`, `SQLDatabase`, `Sealing`, `StrictJSON`, `FaultPoints`, and of others Crypto,
/// Logging and ServiceLifecycle. It knows nothing of HTTP, WebSockets or the wire's types: edges translate.
package enum ControlPlane {}
