package import Domain
internal import SQLDatabase
internal import Store
internal import StrictJSON

/// What an organization demands of its credentials (ORG-9).
package struct PolicyService: Sendable {
    /// A policy with the version that a change may name.
    package struct Current: Sendable, Hashable {
        package let policy: OrganizationPolicy
        /// 0 while none was written.
        package let version: Int64
    }

    private let context: ControlPlaneContext
    private let routes: RouteActions

    package init(context: ControlPlaneContext, routes: RouteActions) {
        self.context = context
        self.routes = routes
    }

    package func get(caller: Caller) async throws(ControlPlaneError) -> Current {
        try await context.authorize(caller, .policiesRead, as: "policy.read")
        let organization = try caller.requireOrganization()
        return try await context.read { tx in try Self.current(organization, in: tx) }
    }

    /// Writes the whole policy; with a version only if nobody wrote another one meanwhile.
    package func put(
        _ draft: PolicyDraft,
        version: Int64?,
        caller: Caller
    ) async throws(ControlPlaneError) -> Current {
        let organization = try caller.requireOrganization()
        let target = AuditTarget(kind: "policy", id: organization.text)
        try await context.authorize(caller, .policiesUpdate, as: "policy.update", target: target)
        let now = context.now()
        let ids = (context.ids.next(EventID.self), context.ids.next(EventID.self))
        let routes = routes.all
        return try await context.changeAccess(as: "policy.update", target: target, caller: caller) { tx in
            _ = try OrganizationStore.lock(organization, in: tx)
            let standing = try CallerStanding(of: caller, organization: organization, in: tx)
            try standing.require(.policiesUpdate)
            let roles = try CustomRoleStore.list(of: organization, in: tx)
            let policy = try ControlPlaneError.checked(draft.checked(customRoles: Set(roles.map(\.id))))
            let before = try Self.current(organization, in: tx)
            if let version, version != before.version {
                throw ControlPlaneError(
                    .versionConflict,
                    "Somebody else changed the policy meanwhile; read it again.",
                    details: ["version": .integer(before.version)]
                )
            }
            guard policy != before.policy else { return before }
            let scan = ConflictScan(organization: organization, owners: nil, routes: routes)
            let conflicts = try scan.conflicts(in: tx)
            let isWritten = try PolicyStore.put(
                policy,
                of: organization,
                expectedVersion: before.version,
                by: caller.actor.id,
                now: now,
                in: tx
            )
            guard isWritten else { throw ControlPlaneError.lostRace }
            let event = caller.auditEvent(
                id: ids.0,
                at: now,
                action: "policy.update",
                target: target,
                before: before.policy.auditJSON,
                after: policy.auditJSON
            )
            try AuditStore.append(event, in: tx)
            try scan.audit(since: conflicts, target: target, by: caller, id: ids.1, at: now, in: tx)
            return try Self.current(organization, in: tx)
        }
    }

    private static func current(_ organization: OrganizationID, in tx: borrowing Transaction) throws -> Current {
        let found = try PolicyStore.get(of: organization, in: tx)
        return Current(policy: found.policy, version: found.version)
    }
}

extension OrganizationPolicy {
    /// What audit keeps of a policy.
    fileprivate var auditJSON: String {
        let draft = draft
        let fields: JSONObject = [
            "maximum_lifetime_days": Self.numbers(draft.maximumLifetimeDays),
            "expiry_required": Self.texts(draft.expiryRequired),
            "allowed_scopes": .object(
                JSONObject(draft.allowedScopes.sorted { $0.key < $1.key }.map { ($0.key, Self.texts($0.value)) })
            ),
            "service_tokens_need_addresses": .bool(draft.serviceTokensNeedAddresses),
            "maximum_tokens_per_owner": draft.maximumTokensPerOwner.map { .integer(Int64($0)) } ?? .null,
            "rotation_interval_days": Self.numbers(draft.rotationIntervalDays),
            "environment_overrides_keys": draft.environmentOverridesKeys.map { .bool($0) } ?? .null,
        ]
        return JSONValue.object(fields).text
    }

    private static func texts(_ texts: [String]) -> JSONValue { .array(texts.map { .string($0) }) }

    private static func numbers(_ numbers: [String: Int]) -> JSONValue {
        .object(JSONObject(numbers.sorted { $0.key < $1.key }.map { ($0.key, .integer(Int64($0.value))) }))
    }
}
