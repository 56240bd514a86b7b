/// # AgentChannel
///
/// The agents' side door: `GET /api/v1/agent/channel`, upgraded to a WebSocket that speaks JSON-RPC 2.0.
///
/// One handler in Hummingbird's stock `.http1` pipeline authenticates the upgrade and answers refusals as plain HTTP
/// problems. An accepted connection is handed to Transport's WebSocket session; its delegate translates frames into
/// calls of ControlPlane's `ChannelService` and back. No connection has a task or a timer of its own.
///
/// May import: HTTPKernel, ControlPlane, Domain, ClavigerWire, Transport, StrictJSON, Hummingbird, NIO.
enum AgentChannel {}
