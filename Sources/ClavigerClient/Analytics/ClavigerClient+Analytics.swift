public import ClavigerWire

extension ClavigerClient {
    /// Where a token ran into its limits in the last days (1 to 31), how often, and which limits would do.
    public func tokenLimits(_ id: String, days: Int = 7) async throws(ClavigerClientError) -> TokenLimitsResponse {
        var call = Call(.get, APIPath.tokenLimits.path(id))
        call.query = [("days", String(days))]
        return try await send(call)
    }
}
