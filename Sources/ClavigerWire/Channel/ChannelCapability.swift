/// What two ends of the agent channel may have in common beyond the frames that every version knows (DST-7).
///
/// A capability is named like the method it allows. Each end names its own once, in `agent.hello` and its result; an
/// end sends a frame that is listed here only to one that named it, and ignores names that it does not know. An end
/// that names none, as the first daemons did, gets the frames of every version and nothing else.
public enum ChannelCapability {
    /// The agent is told when the mode of its live channel changes: ``ModeParams``.
    public static let mode = ChannelMethod.mode

    /// Those of this version, in the order in which they are named.
    public static let all = [mode]
}
