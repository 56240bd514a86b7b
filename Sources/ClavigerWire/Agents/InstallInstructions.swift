/// Ready instructions for each kind of machine, rendered with the configured public URL.
public struct InstallInstructions: Codable, Sendable, Equatable {
    /// Machine without containers.
    public var native: NativeInstall
    /// Docker.
    public var docker: DockerInstall
    /// Kubernetes.
    public var kubernetes: KubernetesInstall

    /// Makes it from its fields.
    public init(native: NativeInstall, docker: DockerInstall, kubernetes: KubernetesInstall) {
        self.native = native
        self.docker = docker
        self.kubernetes = kubernetes
    }

    private enum CodingKeys: String, CodingKey {
        case native
        case docker
        case kubernetes
    }
}
