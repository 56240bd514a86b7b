/// # ClavigerAgent
///
/// The agent's side of Claviger: it enrols, keeps its credential in a state directory, holds one channel to the server,
/// and has its token rotated without ever being left without a working one (ROT-4).
///
/// `TokenShelf`, `Backoff`, `CloseMeaning` and `ChannelConversation` are rules without I/O. `StateDirectory` is the only
/// code that touches the disk, `Agent` puts all of it to work.
///
/// May import: ClavigerWire, FaultPoints, StrictJSON, Transport; Crypto, Logging, NIO, NIOSSL, ServiceLifecycle. Never
/// Domain, and of Foundation only FoundationEssentials.
enum ClavigerAgent {
    /// The version that the agent states and that `claviger-agent --version` prints.
    static let version = "0.1.0"
}
