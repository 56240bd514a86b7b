/// Params of `agent.hello`.
public struct HelloParams: Codable, Sendable, Equatable {
    /// Ed25519 signature over the bytes of ``ChannelProof``, 64 bytes as base64url.
    public var signature: String
    /// Version of the daemon.
    public var version: String?
    /// Name of the machine.
    public var hostname: String?
    /// Operating system.
    public var os: String?
    /// Architecture.
    public var arch: String?
    /// `aws`, `azure`, `gcp` or absent.
    public var cloud: String?
    /// Region of the cloud.
    public var region: String?
    /// Instance id of the cloud.
    public var instanceID: String?
    /// True when the presented token is an older one, tried because the newest answered `InvalidToken` (ROT-4, rule 6).
    public var superseded: Bool?
    /// Revision of the provider keys it holds; reserved.
    public var keyRevision: Int64?
    /// What it understands beyond the frames of every version (``ChannelCapability``); none if absent.
    public var capabilities: [String]?

    /// Makes it from its fields.
    public init(
        signature: String,
        version: String? = nil,
        hostname: String? = nil,
        os: String? = nil,
        arch: String? = nil,
        cloud: String? = nil,
        region: String? = nil,
        instanceID: String? = nil,
        superseded: Bool? = nil,
        keyRevision: Int64? = nil,
        capabilities: [String]? = nil
    ) {
        self.signature = signature
        self.version = version
        self.hostname = hostname
        self.os = os
        self.arch = arch
        self.cloud = cloud
        self.region = region
        self.instanceID = instanceID
        self.superseded = superseded
        self.keyRevision = keyRevision
        self.capabilities = capabilities
    }

    private enum CodingKeys: String, CodingKey {
        case signature
        case version
        case hostname
        case os
        case arch
        case cloud
        case region
        case instanceID = "instance_id"
        case superseded
        case keyRevision = "key_revision"
        case capabilities
    }
}
