package import Domain
internal import SQLDatabase
internal import Store
internal import StrictJSON

/// The scopes that an organization registers for its own API (TOK-3).
package struct RegisteredScopeService: Sendable {
    /// How many an organization may have; a check of a token reads them all.
    package static let maximum = 500

    private let context: ControlPlaneContext
    private let routes: RouteActions

    package init(context: ControlPlaneContext, routes: RouteActions) {
        self.context = context
        self.routes = routes
    }

    /// All scopes of the caller's organization, by name.
    package func list(caller: Caller) async throws(ControlPlaneError) -> [RegisteredScope] {
        try await context.authorize(caller, .registeredScopesRead, as: "registered_scope.list")
        guard let organization = caller.organizationID else { throw .notFound("organization") }
        return try await context.read { tx in try RegisteredScopeStore.list(of: organization, in: tx) }
    }

    /// Registers a scope; a name that is registered is refused.
    package func create(_ scope: RegisteredScope, caller: Caller) async throws(ControlPlaneError) -> RegisteredScope {
        let target = AuditTarget.registeredScope(scope.name)
        try await context.authorize(caller, .registeredScopesCreate, as: "registered_scope.create", target: target)
        let recorder = try OrganizationRecorder(context, "registered_scope.create", of: target, by: caller)
        let checked = try Self.checked(scope)
        return try await context.write { tx in
            try recorder.lock(in: tx)
            let known = try RegisteredScopeStore.byName(of: recorder.organization, in: tx)
            guard known[checked.name] == nil else { throw ControlPlaneError.nameTaken("scope") }
            guard known.count < Self.maximum else {
                let message = "must not be registered: an organization may have at most \(Self.maximum) scopes"
                throw ControlPlaneError.invalid([FieldFault(path: "/name", message: message)])
            }
            try RegisteredScopeStore.put(checked, organization: recorder.organization, now: recorder.now, in: tx)
            try recorder.audit(after: checked.auditJSON, in: tx)
            return checked
        }
    }

    /// Changes description and flags; what is absent stays.
    ///
    /// What tokens lose by it is logged (ORG-8).
    package func update(
        _ name: String,
        description: String?,
        isSensitive: Bool?,
        isAdminOnly: Bool?,
        caller: Caller
    ) async throws(ControlPlaneError) -> RegisteredScope {
        let target = AuditTarget.registeredScope(name)
        try await context.authorize(caller, .registeredScopesUpdate, as: "registered_scope.update", target: target)
        let recorder = try OrganizationRecorder(context, "registered_scope.update", of: target, by: caller)
        let scan = ConflictScan(organization: recorder.organization, owners: nil, routes: routes.all)
        return try await context.write { tx in
            try recorder.lock(in: tx)
            guard let before = try RegisteredScopeStore.byName(of: recorder.organization, in: tx)[name] else {
                throw ControlPlaneError.notFound("scope")
            }
            let scope = try Self.checked(
                RegisteredScope(
                    name: name,
                    description: description ?? before.description,
                    isSensitive: isSensitive ?? before.isSensitive,
                    isAdminOnly: isAdminOnly ?? before.isAdminOnly
                )
            )
            guard scope != before else { return scope }
            // A text and a warning change nobody's rights.
            let conflicts = scope.isAdminOnly == before.isAdminOnly ? nil : try scan.conflicts(in: tx)
            try RegisteredScopeStore.put(scope, organization: recorder.organization, now: recorder.now, in: tx)
            try recorder.audit(before: before.auditJSON, after: scope.auditJSON, in: tx)
            if let conflicts { try recorder.audit(scan, since: conflicts, in: tx) }
            return scope
        }
    }

    /// Forgets a scope; tokens keep its name, and it counts for nothing until it is registered again, which is logged
    /// (ORG-8).
    package func delete(_ name: String, caller: Caller) async throws(ControlPlaneError) {
        let target = AuditTarget.registeredScope(name)
        try await context.authorize(caller, .registeredScopesDelete, as: "registered_scope.delete", target: target)
        let recorder = try OrganizationRecorder(context, "registered_scope.delete", of: target, by: caller)
        let scan = ConflictScan(organization: recorder.organization, owners: nil, routes: routes.all)
        try await context.write { tx in
            try recorder.lock(in: tx)
            let conflicts = try scan.conflicts(in: tx)
            guard let before = try RegisteredScopeStore.byName(of: recorder.organization, in: tx)[name],
                try RegisteredScopeStore.delete(name, organization: recorder.organization, in: tx)
            else { throw ControlPlaneError.notFound("scope") }
            try recorder.audit(before: before.auditJSON, after: nil, in: tx)
            try recorder.audit(scan, since: conflicts, in: tx)
        }
    }

    private static func checked(_ scope: RegisteredScope) throws(ControlPlaneError) -> RegisteredScope {
        let result = RegisteredScope.checked(
            name: scope.name,
            description: scope.description,
            isSensitive: scope.isSensitive,
            isAdminOnly: scope.isAdminOnly
        )
        switch result {
        case .success(let scope): return scope
        case .failure(let faults): throw .invalid(faults.faults)
        }
    }
}

extension AuditTarget {
    /// A scope by its name, of which at most so much is kept as a scope can have.
    fileprivate static func registeredScope(_ name: String) -> AuditTarget {
        AuditTarget(kind: "registered_scope", id: FreeText.cleaned(name, limit: Scope.maximumLength))
    }
}

extension RegisteredScope {
    fileprivate var auditJSON: String {
        let fields: JSONObject = [
            "name": .string(name),
            "description": .string(description),
            "is_sensitive": .bool(isSensitive),
            "is_admin_only": .bool(isAdminOnly),
        ]
        return JSONValue.object(fields).text
    }
}
