package import Domain
internal import Store

/// Which audit events a list shows, newest first; what is nil does not filter.
package struct AuditQuery: Hashable, Sendable {
    package var actions: [String]?
    package var outcome: AuditOutcome?
    package var actorID: String?
    package var target: AuditTarget?
    package var since: Instant?
    package var until: Instant?
    /// The server's own events, which belong to no organization, instead of the organization's.
    package var isServerScope = false
    /// 1 to 200.
    package var limit = 50
    /// The `nextCursor` of the page before.
    package var cursor: String?

    package init() {}
}

extension AuditService {
    /// One page of the events of the caller's organization, or of the server, newest first.
    package func events(_ query: AuditQuery, caller: Caller) async throws(ControlPlaneError) -> Page<AuditEvent> {
        var filter = AuditFilter()
        filter.actions = query.actions
        filter.outcome = query.outcome
        filter.actorID = query.actorID
        filter.target = query.target
        filter.from = query.since
        filter.until = query.until
        let cursor = try query.cursor.map(Self.cursor)
        let page = try await list(
            filter: filter,
            isServerScope: query.isServerScope,
            after: cursor,
            limit: query.limit,
            caller: caller
        )
        return Page(items: page.events, nextCursor: page.next.map { "\($0.time.microseconds).\($0.id)" })
    }

    /// Microseconds, a dot, and the id of the last event shown.
    private static func cursor(_ text: String) throws(ControlPlaneError) -> PageCursor {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, let time = Int64(parts[0]), let id = EventID(String(parts[1])) else {
            throw .invalid([FieldFault(path: "cursor", message: "Must be the next_cursor of an earlier page.")])
        }
        return PageCursor(time: Instant(microseconds: time), id: id.text)
    }
}
