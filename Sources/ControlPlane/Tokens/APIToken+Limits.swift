internal import Domain
internal import SQLDatabase
internal import Store
internal import StrictJSON

extension APIToken {
    /// Settles which of the token's own limits may be wider than the organization's plan (LIM-1).
    ///
    /// Anybody who may change the token sets narrower ones; a wider one needs `org:manage` where the token lies, and is
    /// refused and audited otherwise. What the token has already stays as it was given.
    mutating func settleLimits(over before: APIToken?, by caller: Caller, in tx: borrowing Transaction) throws {
        guard var limits = profile.limits else { return }
        let old = before?.profile.limits
        let kept = LimitKind.allCases.filter { limits.figures[$0] != nil && limits.figures[$0] == old?.figures[$0] }
        limits.widening = (old?.widening ?? []).intersection(kept)
        profile.limits = limits
        guard let plan = try PlanStore.plan(of: organizationID, in: tx)?.plan else { return }
        let wider = limits.widened(beyond: plan).filter { !kept.contains($0) }
        guard let first = wider.first else { return }
        guard try TokenAuthority.isHeld(.orgManage, by: caller, where: self, in: tx) else {
            let bound = plan.figures[first] ?? 0
            throw AccessViolation("policy violation: limits wider than the plan need org:manage").error(
                .permissionDenied,
                "limits.\(first.field) must be at most \(bound), as the plan has it; a wider one needs org:manage."
            )
        }
        profile.limits?.widening.formUnion(wider)
    }
}

extension LimitOverride {
    /// The figures that are set, for the audit trail.
    var auditValue: JSONValue {
        let fields = LimitKind.allCases.compactMap { kind in
            figures[kind].map { (kind.field, JSONValue.integer(Int64($0))) }
        }
        return .object(JSONObject(fields))
    }
}
