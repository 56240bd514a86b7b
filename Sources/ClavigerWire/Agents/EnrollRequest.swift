/// Body of `POST /agents/enroll`; the install token is the bearer credential.
public struct EnrollRequest: Codable, Sendable, Equatable {
    /// Random id of this enrolment, 16 to 128 characters, made once and stored before the call.
    public var enrolmentID: String
    /// Ed25519 public key, 32 bytes as base64url.
    public var publicKey: String
    /// Name of the machine.
    public var hostname: String?
    /// Operating system.
    public var os: String?
    /// Architecture.
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
        enrolmentID: String,
        publicKey: String,
        hostname: String? = nil,
        os: String? = nil,
        arch: String? = nil,
        version: String? = nil,
        cloud: String? = nil,
        region: String? = nil,
        instanceID: String? = nil
    ) {
        self.enrolmentID = enrolmentID
        self.publicKey = publicKey
        self.hostname = hostname
        self.os = os
        self.arch = arch
        self.version = version
        self.cloud = cloud
        self.region = region
        self.instanceID = instanceID
    }

    private enum CodingKeys: String, CodingKey {
        case enrolmentID = "enrolment_id"
        case publicKey = "public_key"
        case hostname
        case os
        case arch
        case version
        case cloud
        case region
        case instanceID = "instance_id"
    }
}
