package import Domain
internal import SQLDatabase
internal import Store
internal import StrictJSON

/// Plans: what organizations may use, kept by server administrators and by nobody else (LIM-1, ORG-11).
package struct PlanService: Sendable {
    private let context: ControlPlaneContext

    package init(context: ControlPlaneContext) {
        self.context = context
    }

    /// All plans, by name.
    package func list(caller: Caller) async throws(ControlPlaneError) -> [PlanView] {
        try await context.authorize(caller, .plansRead, as: "plan.list")
        return try await context.read { tx in try PlanStore.all(in: tx).map(PlanView.init) }
    }

    package func get(_ id: PlanID, caller: Caller) async throws(ControlPlaneError) -> PlanView {
        try await context.authorize(caller, .plansRead, as: "plan.read", target: .plan(id))
        return try await context.read { tx in PlanView(try Self.plan(id, in: tx)) }
    }

    package func create(
        name: String,
        figures: LimitFigures,
        caller: Caller
    ) async throws(ControlPlaneError) -> PlanView {
        try await context.authorize(caller, .plansCreate, as: "plan.create")
        let plan = StoredPlan(plan: LimitPlan(id: context.ids.next(), name: name, figures: figures))
        try Self.check(plan.plan)
        let (now, eventID) = (context.now(), context.ids.next(EventID.self))
        return try await context.write { tx in
            guard try PlanStore.insert(plan, now: now, in: tx) else { throw ControlPlaneError.nameTaken("plan") }
            try Self.audit("plan.create", plan.id, nil, plan, by: caller, id: eventID, at: now, in: tx)
            return PlanView(plan)
        }
    }

    /// Changes a plan; every organization that has it follows at once.
    package func update(
        _ id: PlanID,
        name: String?,
        figures: @escaping @Sendable (LimitFigures) -> LimitFigures,
        caller: Caller
    ) async throws(ControlPlaneError) -> PlanView {
        try await context.authorize(caller, .plansUpdate, as: "plan.update", target: .plan(id))
        let (now, eventID) = (context.now(), context.ids.next(EventID.self))
        return try await context.write { tx in
            let before = try Self.plan(id, in: tx)
            var after = before
            after.plan.name = name ?? before.plan.name
            after.plan.figures = figures(before.plan.figures)
            try Self.check(after.plan)
            guard after != before else { return PlanView(before) }
            guard try !PlanStore.isNameTaken(after.plan.name, except: id, in: tx) else {
                throw ControlPlaneError.nameTaken("plan")
            }
            after.version += 1
            guard try PlanStore.update(after, expectedVersion: before.version, now: now, in: tx) else {
                throw ControlPlaneError.lostRace
            }
            try Self.audit("plan.update", id, before, after, by: caller, id: eventID, at: now, in: tx)
            return PlanView(after)
        }
    }

    /// Deletes a plan that no organization has; built-in ones stay.
    package func delete(_ id: PlanID, caller: Caller) async throws(ControlPlaneError) {
        try await context.authorize(caller, .plansDelete, as: "plan.delete", target: .plan(id))
        let (now, eventID) = (context.now(), context.ids.next(EventID.self))
        try await context.write { tx in
            let plan = try Self.plan(id, in: tx)
            guard !plan.isBuiltIn else { throw Self.inUse("A built-in plan can't be deleted.", "built_in") }
            guard try !PlanStore.isUsed(id, in: tx) else {
                throw Self.inUse("An organization has the plan; give it another one first.", "used")
            }
            guard try PlanStore.delete(id, in: tx) else { throw ControlPlaneError.lostRace }
            try Self.audit("plan.delete", id, plan, nil, by: caller, id: eventID, at: now, in: tx)
        }
    }

    /// Gives an organization a plan, or none.
    package func assign(
        _ plan: PlanID?,
        to organization: OrganizationID,
        caller: Caller
    ) async throws(ControlPlaneError) -> OrganizationView {
        let target = AuditTarget(kind: "organization", id: organization.text)
        try await context.authorize(caller, .plansUpdate, as: "organization.plan", target: target)
        let (now, ids) = (context.now(), (context.ids.next(EventID.self), context.ids.next(EventID.self)))
        return try await context.write { tx in
            guard let found = try OrganizationStore.get(organization, in: tx) else { throw PlaceChoice.noOrganization }
            if let plan, try PlanStore.get(plan, in: tx) == nil {
                throw ControlPlaneError.invalid([FieldFault(path: "/plan_id", message: "must be a plan's id")])
            }
            let before = try OrganizationStore.plan(of: organization, in: tx)
            guard before != plan else { return try OrganizationView(found, in: tx) }
            guard try OrganizationStore.setPlan(plan, of: organization, in: tx) else {
                throw ControlPlaneError.lostRace
            }
            let (old, new) = (before?.text ?? "none", plan?.text ?? "none")
            // The server's trail and the organization's both tell of it.
            for (id, scope) in [(ids.0, nil), (ids.1, organization)] as [(EventID, OrganizationID?)] {
                var event = caller.auditEvent(
                    id: id,
                    at: now,
                    action: "organization.plan",
                    target: target,
                    before: #"{"plan":"\#(old)"}"#,
                    after: #"{"plan":"\#(new)"}"#
                )
                event.tell(scope, of: caller)
                try AuditStore.append(event, in: tx)
            }
            return try OrganizationView(found, in: tx)
        }
    }

    private static func plan(_ id: PlanID, in tx: borrowing Transaction) throws -> StoredPlan {
        guard let plan = try PlanStore.get(id, in: tx) else { throw ControlPlaneError.notFound("plan") }
        return plan
    }

    private static func check(_ plan: LimitPlan) throws(ControlPlaneError) {
        let faults = plan.faults.map { FieldFault(path: "/\($0.field)", message: $0.message) }
        guard faults.isEmpty else { throw .invalid(faults) }
    }

    private static func inUse(_ message: String, _ state: String) -> ControlPlaneError {
        ControlPlaneError(.illegalTransition, message, details: ["current_state": .string(state)])
    }

    /// Plans are the server's: the event belongs to no organization.
    private static func audit(
        _ action: String,
        _ id: PlanID,
        _ before: StoredPlan?,
        _ after: StoredPlan?,
        by caller: Caller,
        id eventID: EventID,
        at now: Instant,
        in tx: borrowing Transaction
    ) throws {
        var event = caller.auditEvent(
            id: eventID,
            at: now,
            action: action,
            target: .plan(id),
            before: before?.plan.auditJSON,
            after: after?.plan.auditJSON
        )
        event.organizationID = nil
        event.workspaceID = nil
        try AuditStore.append(event, in: tx)
    }
}

/// A plan as edges show it.
package struct PlanView: Sendable, Hashable {
    package let plan: LimitPlan
    package let isBuiltIn: Bool

    init(_ stored: StoredPlan) {
        plan = stored.plan
        isBuiltIn = stored.isBuiltIn
    }
}

extension AuditTarget {
    static func plan(_ id: PlanID) -> AuditTarget { AuditTarget(kind: "plan", id: id.text) }
}

extension LimitPlan {
    fileprivate var auditJSON: String {
        let limits = LimitKind.allCases.map { kind -> (String, JSONValue) in
            (kind.field, figures[kind].map { .integer(Int64($0)) } ?? .null)
        }
        return JSONValue.object(JSONObject([("name", .string(name))] + limits)).text
    }
}
