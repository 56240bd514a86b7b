public import ClavigerWire

extension ClavigerClient {
    /// All stored settings.
    public func settings() async throws(ClavigerClientError) -> SettingsResponse {
        try await send(Call(.get, APIPath.settings.path()))
    }

    /// Changes settings, all or none, and answers all of them.
    ///
    /// `level` is whose: the server's for all organizations, or the narrower ones of the caller's own. Without it they are
    /// the server's for a caller who may change those, and the organization's for everybody else.
    public func updateSettings(
        _ request: UpdateSettingsRequest,
        level: SettingLevel? = nil
    ) async throws(ClavigerClientError) -> SettingsResponse {
        var call = try Call(.patch, APIPath.settings.path(), body: request)
        call.query = [("level", level?.rawValue)]
        return try await send(call)
    }
}
