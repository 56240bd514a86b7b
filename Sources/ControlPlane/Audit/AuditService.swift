package import Domain
internal import SQLDatabase
package import Store

/// Reads the audit trail.
package struct AuditService: Sendable {
    private let context: ControlPlaneContext

    package init(context: ControlPlaneContext) {
        self.context = context
    }

    /// One page of the events of the caller's organization, newest first.
    ///
    /// In the server's scope those that belong to no organization: sign-ins of unknown accounts, host commands, the
    /// master key. They are for server administrators.
    package func list(
        filter: AuditFilter = AuditFilter(),
        isServerScope: Bool = false,
        after cursor: PageCursor? = nil,
        limit: Int = 50,
        caller: Caller
    ) async throws(ControlPlaneError) -> AuditPage {
        try await context.authorize(caller, isServerScope ? .serverSettings : .auditRead, as: "audit.list")
        try PageLimit.check(limit)
        let organization = isServerScope ? nil : caller.organizationID
        return try await context.read { tx in
            let page = try AuditStore.list(
                organization: organization,
                filter: filter,
                after: cursor,
                limit: limit,
                in: tx
            )
            return AuditPage(events: page.elements, next: page.next)
        }
    }
}

/// One page of audit events, and where the next one begins.
package struct AuditPage: Hashable, Sendable {
    package let events: [AuditEvent]
    package let next: PageCursor?
}
