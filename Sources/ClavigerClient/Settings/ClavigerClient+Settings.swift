public import ClavigerWire

extension ClavigerClient {
    /// All stored settings.
    public func settings() async throws(ClavigerClientError) -> SettingsResponse {
        try await send(Call(.get, APIPath.settings.path()))
    }

    /// Changes settings, all or none, and answers all of them.
    public func updateSettings(_ request: UpdateSettingsRequest) async throws(ClavigerClientError) -> SettingsResponse {
        try await send(Call(.patch, APIPath.settings.path(), body: request))
    }
}
