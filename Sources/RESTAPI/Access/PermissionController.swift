import ClavigerWire
import ControlPlane
import Domain
import HTTPKernel
import HTTPTypes
import Hummingbird

/// The explanation of effective permissions.
struct PermissionController: Sendable {
    let permissions: PermissionService

    var routes: [Route] {
        [
            Route(.get, APIPath.memberPermissions.fullTemplate, .authenticated(.membersRead, ofMember)),
            Route(.get, APIPath.tokenPermissions.fullTemplate, .authenticated(.tokensRead, ofToken)),
            Route(.get, APIPath.myPermissions.fullTemplate, .signedIn(mine)),
        ]
    }

    private func ofMember(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        let parameters = try QueryParameters(request, allowed: ["workspace_id"])
        var workspace: WorkspaceID?
        if let text = parameters["workspace_id"] {
            guard let id = WorkspaceID(text) else { throw ControlPlaneError.notFound("workspace") }
            workspace = id
        }
        let id: MembershipID = try Fields.id(context.request.parameters, "member")
        let view = try await permissions.ofMember(id, in: workspace, caller: context.caller)
        return try JSONAnswer.make(PermissionsResponse(view))
    }

    private func ofToken(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        _ = try QueryParameters(request, allowed: [])
        let id: CredentialID = try Fields.id(context.request.parameters, "token")
        return try JSONAnswer.make(
            PermissionsResponse(try await permissions.ofToken(id, caller: context.caller))
        )
    }

    private func mine(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        _ = try QueryParameters(request, allowed: [])
        return try JSONAnswer.make(PermissionsResponse(try await permissions.mine(caller: context.caller)))
    }
}

extension PermissionsResponse {
    init(_ view: AccessExplanation) {
        self.init(
            subjectKind: view.subject.kind,
            subjectID: view.subject.id,
            workspaceID: view.workspaceID?.text,
            isActive: view.isActive,
            roles: view.roles.map(\.text),
            permissions: view.lines.map(PermissionLine.init),
            scopes: view.subject.kind == "token" ? view.scopes.map(ScopeLine.init) : nil,
            conflicts: view.conflicts.map(PermissionConflict.init)
        )
    }
}

extension PermissionLine {
    init(_ line: AccessExplanation.Line) {
        self.init(
            permission: line.permission.rawValue,
            held: line.held.rawValue,
            sources: line.sources.map(PermissionSource.init),
            withheldBy: line.withheldBy,
            scopes: line.scopes.isEmpty ? nil : line.scopes
        )
    }
}

extension PermissionSource {
    init(_ source: EffectiveAccess.Source) {
        switch source {
        case .role(let role): self.init(kind: "role", role: role.text)
        case .organizationOverride: self.init(kind: "organization_override")
        case .workspaceOverride: self.init(kind: "workspace_override")
        case .serverAdministrator: self.init(kind: "server_administrator")
        }
    }
}

extension ScopeLine {
    init(_ line: AccessExplanation.ScopeLine) {
        self.init(
            scope: line.scope,
            isBroad: line.isBroad,
            isInForce: line.isInForce,
            gives: line.gives.names,
            beyondOwner: line.beyondOwner.names,
            deniedByPolicy: line.deniedByPolicy.names
        )
    }
}

extension PermissionConflict {
    init(_ conflict: AccessConflict) {
        self.init(kind: conflict.kind.rawValue, permission: conflict.permission?.rawValue, scope: conflict.scope)
    }
}
