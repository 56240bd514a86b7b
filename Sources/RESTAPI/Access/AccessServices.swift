package import ControlPlane
import HTTPKernel

/// The use cases of organizations, workspaces, people and roles, and the routes before them.
package struct AccessServices: Sendable {
    let members: MemberService
    let workspaces: WorkspaceService
    let workspaceMembers: WorkspaceMemberService
    let roles: RoleService
    let policies: PolicyService
    let organizations: OrganizationService
    let invitations: InvitationService
    let plans: PlanService
    let permissions: PermissionService

    package init(context: ControlPlaneContext, accounts: AccountService, routes: RouteActions) {
        members = MemberService(context: context, routes: routes)
        workspaces = WorkspaceService(context: context)
        workspaceMembers = WorkspaceMemberService(context: context, routes: routes)
        roles = RoleService(context: context, routes: routes)
        policies = PolicyService(context: context, routes: routes)
        organizations = OrganizationService(context: context)
        invitations = InvitationService(context: context, accounts: accounts)
        plans = PlanService(context: context)
        permissions = PermissionService(context: context, routes: routes)
    }

    func routes(_ idempotency: IdempotentRoute) -> [Route] {
        MemberController(members: members).routes
            + WorkspaceController(workspaces: workspaces, members: workspaceMembers, idempotency: idempotency).routes
            + RoleController(roles: roles, idempotency: idempotency).routes
            + PolicyController(policies: policies).routes
            + OrganizationController(organizations: organizations, plans: plans, idempotency: idempotency).routes
            + InvitationController(invitations: invitations, idempotency: idempotency).routes
            + PlanController(plans: plans, idempotency: idempotency).routes
            + PermissionController(permissions: permissions).routes
    }
}
