public import StrictJSON

/// A stored setting with its declaration.
public struct SettingResponse: Codable, Sendable, Equatable {
    /// Its name.
    public var key: String
    /// The value that counts.
    public var value: JSONValue
    /// The value if nothing is stored.
    public var defaultValue: JSONValue
    /// Smallest allowed value.
    public var minimum: Int64?
    /// Greatest allowed value.
    public var maximum: Int64?
    /// Unit of the value.
    public var unit: String?
    /// What it does.
    public var description: String
    /// The permission that may change it.
    public var changeableBy: String?
    /// Why the stored value is ignored, if it is.
    public var problem: String?
    /// Whose value counts: `default`, `server` or `organization`.
    public var source: String?
    /// The value that stands for all organizations; none has a wider one.
    public var serverValue: JSONValue?
    /// What the caller's organization has set for itself, if it has; it counts while it is narrower than the server's.
    public var organizationValue: JSONValue?

    /// Makes it from its fields.
    public init(
        key: String,
        value: JSONValue,
        defaultValue: JSONValue,
        minimum: Int64? = nil,
        maximum: Int64? = nil,
        unit: String? = nil,
        description: String,
        changeableBy: String? = nil,
        problem: String? = nil,
        source: String? = nil,
        serverValue: JSONValue? = nil,
        organizationValue: JSONValue? = nil
    ) {
        self.key = key
        self.value = value
        self.defaultValue = defaultValue
        self.minimum = minimum
        self.maximum = maximum
        self.unit = unit
        self.description = description
        self.changeableBy = changeableBy
        self.problem = problem
        self.source = source
        self.serverValue = serverValue
        self.organizationValue = organizationValue
    }

    private enum CodingKeys: String, CodingKey {
        case key
        case value
        case defaultValue = "default_value"
        case minimum
        case maximum
        case unit
        case description
        case changeableBy = "changeable_by"
        case problem
        case source
        case serverValue = "server_value"
        case organizationValue = "organization_value"
    }
}
