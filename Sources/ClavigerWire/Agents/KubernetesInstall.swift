/// Install instructions for Kubernetes.
public struct KubernetesInstall: Codable, Sendable, Equatable {
    /// Secret, StatefulSet with one replica and a volume claim.
    public var manifest: String
    /// The line that applies the manifest.
    public var command: String

    /// Makes it from its fields.
    public init(manifest: String, command: String) {
        self.manifest = manifest
        self.command = command
    }

    private enum CodingKeys: String, CodingKey {
        case manifest
        case command
    }
}
