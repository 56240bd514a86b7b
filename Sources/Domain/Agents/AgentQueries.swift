/// Which agents a list shows, the newest first.
package struct AgentQuery: Hashable, Sendable {
    package var state: IdentityState?
    package var isConnected: Bool?
    /// A label's name and value.
    package var label: (name: String, value: String)? {
        get { labelName.flatMap { name in labelValue.map { (name, $0) } } }
        set {
            labelName = newValue?.name
            labelValue = newValue?.value
        }
    }
    private var labelName: String?
    private var labelValue: String?
    package var environment: String?
    /// Found anywhere in the name or slug, letters of either case.
    package var text: String?
    /// 1 to 200.
    package var limit: Int
    /// The id of the last agent already shown.
    package var after: AgentID?

    package init(
        state: IdentityState? = nil,
        isConnected: Bool? = nil,
        environment: String? = nil,
        text: String? = nil,
        limit: Int = 50,
        after: AgentID? = nil
    ) {
        self.state = state
        self.isConnected = isConnected
        self.environment = environment
        self.text = text
        self.limit = limit
        self.after = after
    }
}

/// Which events of an agent a list shows, the newest first.
package struct AgentEventQuery: Hashable, Sendable {
    package var kinds: [AgentEvent.Kind]
    package var since: Instant?
    package var until: Instant?
    /// 1 to 200.
    package var limit: Int
    /// The id of the last event already shown.
    package var after: EventID?

    package init(
        kinds: [AgentEvent.Kind] = [],
        since: Instant? = nil,
        until: Instant? = nil,
        limit: Int = 50,
        after: EventID? = nil
    ) {
        self.kinds = kinds
        self.since = since
        self.until = until
        self.limit = limit
        self.after = after
    }
}
