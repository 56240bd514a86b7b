internal import Domain
internal import SQLDatabase
internal import Store

extension Caller {
    /// What the caller may give to others at this moment, as the database says it in this transaction (ORG-7).
    ///
    /// The rights that the request came with may be older than a change of roles, by as long as it ran; the narrower
    /// of the two counts.
    func grantor(in tx: borrowing Transaction) throws -> Grantor {
        switch rights {
        case .holder(let permissions):
            guard actor.kind == .user, let id = actor.id.flatMap({ UserID($0) }), let organizationID, let workspaceID
            else { return .holder(permissions) }
            let now = try EffectiveAccess.load(.user(id), organizationID, workspaceID, in: tx)
            return .holder(permissions.intersection(now.permissions))
        case .token(let access, _):
            guard let id = credentialID, let token = try APITokenStore.get(id, in: tx) else { return .token(access) }
            guard token.state == .live else {
                throw ControlPlaneError(.revokedToken, "The token was revoked or paused meanwhile.")
            }
            return .token(try TokenSurroundings(of: token, in: tx).record(of: token).access)
        }
    }
}
