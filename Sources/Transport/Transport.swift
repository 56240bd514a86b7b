/// # Transport
///
/// What Claviger's programs say and hear on the network, and nothing about what it means: WebSocket sessions for both
/// halves of the agent channel, and a small HTTP/1 client for the agent.
///
/// A session is one handler behind NIOWebSocket's frame codec. It adds what NIOWebSocket leaves out (RFC 6455): masks
/// checked by role, fragments joined under a limit, UTF-8 checked, pings answered and sent, the closing handshake with a
/// time limit, and a bound on everything that waits to be written. Ten thousand sessions share one time-out wheel per
/// event loop; none has a task or a timer of its own.
///
/// May import: Logging, NIO, NIOSSL. Imports nothing of ours, and no Foundation.
enum Transport {}
