public import ClavigerWire

extension ClavigerClient {
    /// The organizations that the caller belongs to.
    public func myOrganizations() async throws(ClavigerClientError) -> Page<OwnOrganizationResponse> {
        try await send(Call(.get, APIPath.myOrganizations.path()))
    }

    /// The organization that the caller acts in.
    public func organization() async throws(ClavigerClientError) -> OrganizationResponse {
        try await send(Call(.get, APIPath.organization.path()))
    }

    /// Renames the organization that the caller acts in.
    public func renameOrganization(to name: String) async throws(ClavigerClientError) -> OrganizationResponse {
        try await send(Call(.patch, APIPath.organization.path(), body: PlaceNameRequest(name: name)))
    }

    /// Every organization of the server, for its administrators.
    public func listOrganizations() async throws(ClavigerClientError) -> Page<OrganizationResponse> {
        try await send(Call(.get, APIPath.organizations.path()))
    }

    /// One organization of the server, for its administrators.
    public func organization(_ id: String) async throws(ClavigerClientError) -> OrganizationResponse {
        try await send(Call(.get, APIPath.serverOrganization.path(id)))
    }

    /// Makes an organization and invites its first owner; the answer carries the invitation's secret, once.
    public func createOrganization(
        _ request: CreateOrganizationRequest,
        idempotencyKey: String? = nil
    ) async throws(ClavigerClientError) -> CreateOrganizationResponse {
        var call = try Call(.post, APIPath.organizations.path(), body: request)
        call.idempotencyKey = idempotencyKey
        return try await send(call)
    }

    /// Gives an organization a plan; nil for none.
    public func assignPlan(
        _ plan: String?,
        to organization: String
    ) async throws(ClavigerClientError) -> OrganizationResponse {
        let body = AssignPlanRequest(planID: plan)
        return try await send(Call(.put, APIPath.organizationPlan.path(organization), body: body))
    }

    /// All plans.
    public func listPlans() async throws(ClavigerClientError) -> Page<PlanResponse> {
        try await send(Call(.get, APIPath.plans.path()))
    }

    /// One plan.
    public func plan(_ id: String) async throws(ClavigerClientError) -> PlanResponse {
        try await send(Call(.get, APIPath.plan.path(id)))
    }

    /// Makes a plan.
    public func createPlan(
        _ request: CreatePlanRequest,
        idempotencyKey: String? = nil
    ) async throws(ClavigerClientError) -> PlanResponse {
        var call = try Call(.post, APIPath.plans.path(), body: request)
        call.idempotencyKey = idempotencyKey
        return try await send(call)
    }

    /// Changes a plan; every organization that has it follows.
    public func updatePlan(
        _ id: String,
        _ change: UpdatePlanRequest
    ) async throws(ClavigerClientError) -> PlanResponse {
        try await send(Call(.patch, APIPath.plan.path(id), body: change))
    }

    /// Deletes a plan that no organization has.
    public func deletePlan(_ id: String) async throws(ClavigerClientError) {
        try await send(Call(.delete, APIPath.plan.path(id)))
    }
}
