/// Install instructions for Docker.
public struct DockerInstall: Codable, Sendable, Equatable {
    /// One `docker run` line with a named volume for the state.
    public var command: String
    /// The same as a Compose file.
    public var compose: String?

    /// Makes it from its fields.
    public init(command: String, compose: String? = nil) {
        self.command = command
        self.compose = compose
    }

    private enum CodingKeys: String, CodingKey {
        case command
        case compose
    }
}
