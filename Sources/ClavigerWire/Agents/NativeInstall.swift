/// Install instructions for a machine without containers.
public struct NativeInstall: Codable, Sendable, Equatable {
    /// One line for a shell; it carries the install token as an environment assignment.
    public var command: String
    /// The unit that the script installs, without a secret.
    public var systemdUnit: String

    /// Makes it from its fields.
    public init(command: String, systemdUnit: String) {
        self.command = command
        self.systemdUnit = systemdUnit
    }

    private enum CodingKeys: String, CodingKey {
        case command
        case systemdUnit = "systemd_unit"
    }
}
