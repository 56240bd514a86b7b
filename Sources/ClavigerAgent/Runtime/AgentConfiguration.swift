/// What an agent is told when it starts.
public struct AgentConfiguration: Sendable {
    /// Address of the server, before everything else; nil takes the stored one.
    public var server: String?
    /// Address of the server to enrol with; has no effect once a credential is stored.
    public var enrolmentServer: String?
    /// The state directory, made with mode 0700 if it is missing.
    public var stateDirectory: String
    /// PEM file with certificate authorities to trust beside the system's.
    public var extraRootsFile: String?
    /// Allows plain http to addresses other than loopback; logged when used.
    public var allowsPlainHTTP: Bool
    /// Where cloud and region come from.
    public var metadata: MetadataSource
    /// The variables that name a proxy.
    public var proxyEnvironment: [String: String]
    /// First wait after a lost connection.
    ///
    /// Default 1 s.
    public var firstRetry: Duration
    /// Longest wait between attempts, before jitter.
    ///
    /// Default 60 s.
    public var longestRetry: Duration

    public init(
        server: String? = nil,
        enrolmentServer: String? = nil,
        stateDirectory: String,
        extraRootsFile: String? = nil,
        allowsPlainHTTP: Bool = false,
        metadata: MetadataSource = .standard,
        proxyEnvironment: [String: String] = [:],
        firstRetry: Duration = .seconds(1),
        longestRetry: Duration = .seconds(60)
    ) {
        self.server = server
        self.enrolmentServer = enrolmentServer
        self.stateDirectory = stateDirectory
        self.extraRootsFile = extraRootsFile
        self.allowsPlainHTTP = allowsPlainHTTP
        self.metadata = metadata
        self.proxyEnvironment = proxyEnvironment
        self.firstRetry = firstRetry
        self.longestRetry = longestRetry
    }
}
