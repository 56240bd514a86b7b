internal import Domain
internal import SQLDatabase
internal import Store

extension Caller {
    /// What the caller may give to others at this moment, as the database says it in this transaction (ORG-7).
    ///
    /// `workspace` is where it is given; absent for where the caller acts. The rights that the request came with may be
    /// older than a change of roles, by as long as it ran; the narrower of the two counts. They count nothing in another
    /// workspace than the caller's: there a person's rights of now do, and a token gives nothing.
    func grantor(at workspace: WorkspaceID? = nil, in tx: borrowing Transaction) throws -> Grantor {
        let place = workspace ?? workspaceID
        switch rights {
        case .holder(let permissions):
            guard actor.kind == .user, let id = actor.id.flatMap({ UserID($0) }), let organizationID, let place
            else { return .holder(permissions) }
            let now = try EffectiveAccess.load(.user(id), organizationID, place, in: tx).permissions
            return .holder(place == workspaceID ? permissions.intersection(now) : now.subtracting(.server))
        case .token where place != workspaceID:
            return .holder([])
        case .token(let access, _):
            guard let id = credentialID, let token = try APITokenStore.get(id, in: tx) else { return .token(access) }
            guard token.state == .live else {
                throw ControlPlaneError(.revokedToken, "The token was revoked or paused meanwhile.")
            }
            return .token(try TokenSurroundings(of: token, in: tx).record(of: token).access)
        }
    }
}
