/// What an agent states about itself; it is shown as stated and never widens a right.
public struct AgentStatementResponse: Codable, Sendable, Equatable {
    /// Name of its machine.
    public var hostname: String?
    /// Operating system, such as `linux`.
    public var os: String?
    /// Architecture, such as `x86_64`.
    public var arch: String?
    /// Version of the daemon.
    public var version: String?
    /// `aws`, `azure`, `gcp` or absent.
    public var cloud: String?
    /// Region of the cloud.
    public var region: String?
    /// Instance id of the cloud.
    public var instanceID: String?

    /// Makes it from its fields.
    public init(
        hostname: String? = nil,
        os: String? = nil,
        arch: String? = nil,
        version: String? = nil,
        cloud: String? = nil,
        region: String? = nil,
        instanceID: String? = nil
    ) {
        self.hostname = hostname
        self.os = os
        self.arch = arch
        self.version = version
        self.cloud = cloud
        self.region = region
        self.instanceID = instanceID
    }

    private enum CodingKeys: String, CodingKey {
        case hostname
        case os
        case arch
        case version
        case cloud
        case region
        case instanceID = "instance_id"
    }
}
