public import StrictJSON

/// Body of `PATCH /settings`: the settings to change by key, `null` for the default.
///
///     {"agent_token_rotation_days": 14, "agent_token_grace_period_minutes": null}
public struct UpdateSettingsRequest: Codable, Sendable, Equatable {
    /// Keys and new values, in order.
    public var values: JSONObject

    /// Makes a request.
    public init(values: JSONObject) {
        self.values = values
    }

    /// Reads an object of settings.
    public init(from decoder: any Decoder) throws {
        let value = try JSONValue(from: decoder)
        guard let object = value.objectValue else {
            throw JSONError(.wrongType, message: "The body must be an object of settings, not \(value.typeName).")
        }
        values = object
    }

    /// Writes the object of settings.
    public func encode(to encoder: any Encoder) throws {
        try JSONValue.object(values).encode(to: encoder)
    }
}
