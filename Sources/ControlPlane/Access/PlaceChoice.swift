internal import Domain

/// Where a person wants to act, as their request says it.
///
/// A place that isn't theirs, and a text that is no id, answer like a place that does not exist (ORG-1).
package struct PlaceChoice: Sendable, Hashable {
    let organization: String?
    let workspace: String?

    /// The oldest membership, and its oldest workspace.
    package static let own = PlaceChoice(organization: nil, workspace: nil)

    package init(organization: String?, workspace: String?) {
        self.organization = organization
        self.workspace = workspace
    }

    /// Where a caller acts already.
    init(_ caller: Caller) {
        self.init(organization: caller.organizationID?.text, workspace: caller.workspaceID?.text)
    }

    static let noOrganization = ControlPlaneError.notFound("organization")
    static let noWorkspace = ControlPlaneError.notFound("workspace")

    /// Refuses a caller who acts somewhere else: a token works in its own place only.
    func check(_ caller: Caller) throws(ControlPlaneError) {
        if let organization, organization != caller.organizationID?.text { throw Self.noOrganization }
        if let workspace, workspace != caller.workspaceID?.text { throw Self.noWorkspace }
    }
}
