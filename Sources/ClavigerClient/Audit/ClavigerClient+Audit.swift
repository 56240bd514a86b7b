public import ClavigerWire

extension ClavigerClient {
    /// One page of the audit trail, the newest first; `limit` is 1 to 200.
    public func auditEvents(
        _ filter: AuditFilter = AuditFilter(),
        limit: Int = 50,
        cursor: String? = nil
    ) async throws(ClavigerClientError) -> Page<AuditEventResponse> {
        var call = Call(.get, APIPath.auditEvents.path())
        call.query = [
            ("action", filter.actions.isEmpty ? nil : filter.actions.joined(separator: ",")),
            ("outcome", filter.outcome), ("actor", filter.actorID), ("target_kind", filter.target?.kind),
            ("target_id", filter.target?.id), ("since", filter.since), ("until", filter.until),
            ("scope", filter.scope?.rawValue), ("limit", String(limit)), ("cursor", cursor),
        ]
        return try await send(call)
    }

    /// Whether the server is ready to answer; an unready one answers with the problem `Unavailable`.
    public func readiness() async throws(ClavigerClientError) -> HealthResponse {
        try await send(Call(.get, APIPath.readiness.path()))
    }
}
