public import ClavigerWire

/// Which agents a list shows.
public struct AgentFilter: Sendable, Equatable {
    /// Only agents in this state.
    public var status: AgentStatus?
    /// Only agents with or without an open channel.
    public var connection: ConnectionStatus?
    /// Only agents of this environment.
    public var environment: String?
    /// Only agents with this label, written `name=value`.
    public var label: String?
    /// Only agents whose name or slug contains this.
    public var text: String?

    /// Makes a filter; what is nil does not filter.
    public init(
        status: AgentStatus? = nil,
        connection: ConnectionStatus? = nil,
        environment: String? = nil,
        label: String? = nil,
        text: String? = nil
    ) {
        self.status = status
        self.connection = connection
        self.environment = environment
        self.label = label
        self.text = text
    }
}
