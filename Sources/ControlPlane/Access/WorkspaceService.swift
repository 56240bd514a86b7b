package import Domain
internal import SQLDatabase
internal import Store
internal import StrictJSON

/// The workspaces of an organization.
///
/// One that isn't the caller's own is there for who manages the organization; for everybody else it doesn't exist, and
/// is reached by acting in it.
package struct WorkspaceService: Sendable {
    let context: ControlPlaneContext

    package init(context: ControlPlaneContext) {
        self.context = context
    }

    /// The workspaces that are there for the caller, oldest first.
    package func list(caller: Caller) async throws(ControlPlaneError) -> [WorkspaceView] {
        try await context.authorize(caller, .workspaceRead, as: "workspace.list")
        let organization = try caller.requireOrganization()
        return try await context.read { tx in
            try OrganizationStore.workspaces(of: organization, in: tx)
                .filter { caller.maySee($0.id) }.map(WorkspaceView.init)
        }
    }

    package func get(_ id: WorkspaceID, caller: Caller) async throws(ControlPlaneError) -> WorkspaceView {
        try await context.authorize(caller, .workspaceRead, as: "workspace.read", target: .workspace(id))
        return try await context.read { tx in WorkspaceView(try Self.workspace(id, for: caller, in: tx)) }
    }

    package func create(name: String, caller: Caller) async throws(ControlPlaneError) -> WorkspaceView {
        try await context.authorize(caller, .workspaceCreate, as: "workspace.create")
        let organization = try caller.requireOrganization()
        try PlaceName.check(name)
        let workspace = Workspace(
            id: context.ids.next(),
            organizationID: organization,
            name: name,
            createdAt: context.now()
        )
        let eventID = context.ids.next(EventID.self)
        return try await context.changeAccess(as: "workspace.create", target: nil, caller: caller) { tx in
            _ = try OrganizationStore.lock(organization, in: tx)
            try CallerStanding(of: caller, organization: organization, in: tx).require(.workspaceCreate)
            try Self.checkName(name, in: organization, except: nil, in: tx)
            try OrganizationStore.insert(workspace, in: tx)
            let event = caller.auditEvent(
                id: eventID,
                at: workspace.createdAt,
                action: "workspace.create",
                target: .workspace(workspace.id),
                after: PlaceName.auditJSON(name)
            )
            try AuditStore.append(event, in: tx)
            return WorkspaceView(workspace)
        }
    }

    package func rename(
        _ id: WorkspaceID,
        to name: String,
        caller: Caller
    ) async throws(ControlPlaneError) -> WorkspaceView {
        try await context.authorize(caller, .workspaceUpdate, as: "workspace.update", target: .workspace(id))
        let organization = try caller.requireOrganization()
        try PlaceName.check(name)
        let (now, eventID) = (context.now(), context.ids.next(EventID.self))
        return try await context.changeAccess(as: "workspace.update", target: .workspace(id), caller: caller) { tx in
            _ = try OrganizationStore.lock(organization, in: tx)
            var workspace = try Self.workspace(id, for: caller, in: tx)
            let standing = try CallerStanding(of: caller, organization: organization, workspace: id, in: tx)
            try standing.check(PermissionSet(.workspaceManage))
            guard workspace.name != name else { return WorkspaceView(workspace) }
            try Self.checkName(name, in: organization, except: id, in: tx)
            guard try OrganizationStore.rename(id, to: name, in: tx) else { throw ControlPlaneError.lostRace }
            let event = caller.auditEvent(
                id: eventID,
                at: now,
                action: "workspace.update",
                target: .workspace(id),
                before: PlaceName.auditJSON(workspace.name),
                after: PlaceName.auditJSON(name)
            )
            try AuditStore.append(event, in: tx)
            workspace.name = name
            return WorkspaceView(workspace)
        }
    }

    /// The workspace, if it is there for the caller.
    static func workspace(
        _ id: WorkspaceID,
        for caller: Caller,
        in tx: borrowing Transaction
    ) throws -> Workspace {
        guard let organization = caller.organizationID, caller.maySee(id),
            let workspace = try OrganizationStore.get(id, organization: organization, in: tx)
        else { throw PlaceChoice.noWorkspace }
        return workspace
    }

    private static func checkName(
        _ name: String,
        in organization: OrganizationID,
        except id: WorkspaceID?,
        in tx: borrowing Transaction
    ) throws {
        let others = try OrganizationStore.workspaces(of: organization, in: tx).filter { $0.id != id }
        guard !others.contains(where: { $0.name == name }) else { throw ControlPlaneError.nameTaken("workspace") }
    }
}

/// A workspace as edges show it.
package struct WorkspaceView: Sendable, Hashable {
    package let id: WorkspaceID
    package let name: String
    package let createdAt: Instant

    init(_ workspace: Workspace) {
        id = workspace.id
        name = workspace.name
        createdAt = workspace.createdAt
    }
}

/// The name of an organization or a workspace: one line of 1 to 64 characters.
enum PlaceName {
    static func check(_ name: String) throws(ControlPlaneError) {
        let faults = FieldFault.ofName(name, 1...64)
        guard faults.isEmpty else { throw .invalid(faults) }
    }

    static func auditJSON(_ name: String) -> String {
        JSONValue.object(["name": .string(name)]).text
    }
}

extension Caller {
    /// Whether a workspace of the caller's organization is there for them.
    func maySee(_ workspace: WorkspaceID) -> Bool {
        workspace == workspaceID || decide(.orgManage) == .allowed
    }
}

extension AuditTarget {
    static func workspace(_ id: WorkspaceID) -> AuditTarget { AuditTarget(kind: "workspace", id: id.text) }
}
