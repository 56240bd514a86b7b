package import Domain
internal import SQLDatabase
internal import Store
internal import StrictJSON

/// The APIs whose callers an organization has Claviger check (TOK-5).
package struct ProtectedAPIService: Sendable {
    /// How many an organization may have.
    package static let maximum = 200

    private let context: ControlPlaneContext

    package init(context: ControlPlaneContext) {
        self.context = context
    }

    /// All APIs of the caller's organization, by name.
    package func list(caller: Caller) async throws(ControlPlaneError) -> [ProtectedAPI] {
        try await context.authorize(caller, .protectedAPIsRead, as: "protected_api.list")
        guard let organization = caller.organizationID else { throw .notFound("organization") }
        return try await context.read { tx in try ProtectedAPIStore.list(of: organization, in: tx) }
    }

    package func get(_ id: ProtectedAPIID, caller: Caller) async throws(ControlPlaneError) -> ProtectedAPI {
        try await context.authorize(caller, .protectedAPIsRead, as: "protected_api.read", target: .protectedAPI(id))
        return try await context.read { tx in try Self.api(id, for: caller, in: tx) }
    }

    package func create(_ draft: ProtectedAPIDraft, caller: Caller) async throws(ControlPlaneError) -> ProtectedAPI {
        try await context.authorize(caller, .protectedAPIsCreate, as: "protected_api.create")
        let id = context.ids.next(ProtectedAPIID.self)
        let recorder = try OrganizationRecorder(context, "protected_api.create", of: .protectedAPI(id), by: caller)
        return try await context.write { tx in
            try recorder.lock(in: tx)
            let api = try Self.checked(draft, id, recorder.organization, in: tx)
            guard try ProtectedAPIStore.list(of: recorder.organization, in: tx).count < Self.maximum else {
                let message = "must not be made: an organization may have at most \(Self.maximum) APIs"
                throw ControlPlaneError.invalid([FieldFault(path: "/name", message: message)])
            }
            guard try ProtectedAPIStore.insert(api, now: recorder.now, in: tx) else {
                throw ControlPlaneError.nameTaken("protected API")
            }
            try recorder.audit(after: api.auditJSON, in: tx)
            return api
        }
    }

    /// Writes the whole definition that the change makes of the one there is.
    package func update(
        _ id: ProtectedAPIID,
        caller: Caller,
        _ change: @escaping @Sendable (inout ProtectedAPIDraft) -> Void
    ) async throws(ControlPlaneError) -> ProtectedAPI {
        try await context.authorize(caller, .protectedAPIsUpdate, as: "protected_api.update", target: .protectedAPI(id))
        let recorder = try OrganizationRecorder(context, "protected_api.update", of: .protectedAPI(id), by: caller)
        return try await context.write { tx in
            try recorder.lock(in: tx)
            let before = try Self.api(id, for: caller, in: tx)
            var draft = ProtectedAPIDraft(before)
            change(&draft)
            let kept = Set(before.requiredScopes.filter { $0.meaning == .registered }.map(\.text))
            let api = try Self.checked(draft, id, recorder.organization, keeping: kept, in: tx)
            guard api != before else { return api }
            guard
                try !ProtectedAPIStore.isNameTaken(api.name, organization: recorder.organization, except: id, in: tx)
            else { throw ControlPlaneError.nameTaken("protected API") }
            guard try ProtectedAPIStore.update(api, now: recorder.now, in: tx) else {
                throw ControlPlaneError.notFound("protected API")
            }
            try recorder.audit(before: before.auditJSON, after: api.auditJSON, in: tx)
            return api
        }
    }

    /// Deletes an API: no token is good there any more.
    package func delete(_ id: ProtectedAPIID, caller: Caller) async throws(ControlPlaneError) {
        try await context.authorize(caller, .protectedAPIsDelete, as: "protected_api.delete", target: .protectedAPI(id))
        let recorder = try OrganizationRecorder(context, "protected_api.delete", of: .protectedAPI(id), by: caller)
        try await context.write { tx in
            try recorder.lock(in: tx)
            let before = try Self.api(id, for: caller, in: tx)
            guard try ProtectedAPIStore.delete(id, now: recorder.now, in: tx) else {
                throw ControlPlaneError.notFound("protected API")
            }
            try recorder.audit(before: before.auditJSON, after: nil, in: tx)
        }
    }

    /// The API, if it is one of the caller's organization; another's answers like one that doesn't exist.
    private static func api(
        _ id: ProtectedAPIID,
        for caller: Caller,
        in tx: borrowing Transaction
    ) throws -> ProtectedAPI {
        guard let api = try ProtectedAPIStore.get(id, organization: caller.organizationID, in: tx) else {
            throw ControlPlaneError.notFound("protected API")
        }
        return api
    }

    /// `keeping`: registered scopes that the API has already and may keep, whatever became of them.
    private static func checked(
        _ draft: ProtectedAPIDraft,
        _ id: ProtectedAPIID,
        _ organization: OrganizationID,
        keeping kept: Set<String> = [],
        in tx: borrowing Transaction
    ) throws -> ProtectedAPI {
        let registered = try RegisteredScopeStore.byName(of: organization, in: tx)
        switch draft.checked(id: id, organization: organization, registered: kept.union(registered.keys)) {
        case .success(let api): return api
        case .failure(let faults): throw ControlPlaneError.invalid(faults.faults)
        }
    }
}

extension AuditTarget {
    fileprivate static func protectedAPI(_ id: ProtectedAPIID) -> AuditTarget {
        AuditTarget(kind: "protected_api", id: id.text)
    }
}

extension ProtectedAPIDraft {
    /// The definition of an API that there is.
    fileprivate init(_ api: ProtectedAPI) {
        self.init(
            name: api.name,
            audience: api.audience,
            requiredScopes: api.requiredScopes.map(\.text),
            acceptedKinds: api.acceptedKinds.map(\.name).sorted()
        )
    }
}

extension ProtectedAPI {
    fileprivate var auditJSON: String {
        let fields: JSONObject = [
            "name": .string(name),
            "audience": audience.map { .string($0) } ?? .null,
            "required_scopes": .array(requiredScopes.map { .string($0.text) }),
            "accepted_kinds": .array(acceptedKinds.map(\.name).sorted().map { .string($0) }),
        ]
        return JSONValue.object(fields).text
    }
}
