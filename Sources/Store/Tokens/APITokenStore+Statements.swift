import Domain
import SQLDatabase

extension APITokenStore {
    static let insert = columns.insert(into: "api_token", then: "ON CONFLICT DO NOTHING RETURNING id")
    static let get = Statement("SELECT \(columns.list) FROM api_token WHERE id = ?")
    static let find = Statement("SELECT \(columns.list) FROM api_token WHERE current_hash = ? OR previous_hash = ?")
    /// Writing the row keeps others from it until the transaction ends.
    static let lock: Statement = "UPDATE api_token SET version = version WHERE id = ? RETURNING version"
    static let update = Statement("UPDATE api_token SET \(changing.assignments) WHERE id = ? AND version = ?")
    static let nameOfUser: Statement = """
        SELECT id FROM api_token
        WHERE user_id = ? AND organization_id = ? AND name = ? AND state <> 'revoked' AND id <> ?
        """
    static let nameOfAccount: Statement = """
        SELECT id FROM api_token
        WHERE service_account_id = ? AND organization_id = ? AND name = ? AND state <> 'revoked' AND id <> ?
        """
    static let countOfUser: Statement =
        "SELECT COUNT(*) FROM api_token WHERE user_id = ? AND organization_id = ? AND state <> 'revoked'"
    static let countOfAccount: Statement =
        "SELECT COUNT(*) FROM api_token WHERE service_account_id = ? AND organization_id = ? AND state <> 'revoked'"
    static let deleteTags: Statement = "DELETE FROM api_token_tag WHERE token_id = ?"
    static let insertTag: Statement = "INSERT INTO api_token_tag (token_id, tag) VALUES (?, ?)"
    static let ending = Statement(
        """
        SELECT \(columns.list) FROM api_token
        WHERE state <> 'revoked' AND token_expires_at <= ? AND (token_expires_at, id) > (?, ?)
        ORDER BY token_expires_at, id LIMIT ?
        """
    )
    static let demanded = Statement(
        """
        SELECT \(columns.list) FROM api_token
        WHERE state <> 'revoked' AND rotation_required_by <= ? AND (rotation_required_by, id) > (?, ?)
        ORDER BY rotation_required_by, id LIMIT ?
        """
    )
    private static let listHead = Statement("SELECT \(columns.list) FROM api_token")

    static func listing(organization: OrganizationID, query: APITokenQuery) -> StatementBuilder {
        var list = StatementBuilder(listHead)
        list.condition("organization_id = ?", [.id(organization)])
        if let workspace = query.workspace { list.condition("workspace_id = ?", [.id(workspace)]) }
        switch query.owner {
        case .user(let id)?: list.condition("user_id = ?", [.id(id)])
        case .serviceAccount(let id)?: list.condition("service_account_id = ?", [.id(id)])
        case nil: break
        }
        if let kind = query.kind { list.condition("kind = ?", [.word(kind)]) }
        if let states = query.states { list.condition("state", isOneOf: states.map { .word($0) }) }
        if let tag = query.tag {
            list.condition("id IN (SELECT token_id FROM api_token_tag WHERE tag = ?)", [.text(tag)])
        }
        if let text = query.text {
            list.condition("folded_text LIKE ? ESCAPE '!'", [.text(FoldedText.pattern(containing: text))])
        }
        if let time = query.expiresBefore { list.condition("token_expires_at < ?", [.instant(time)]) }
        if let ids = query.ids { list.condition("id", isOneOf: ids.map { .id($0) }) }
        if query.isSeenByDeparted { list.condition(seenByDeparted) }
        if let after = query.after { list.condition("id < ?", [.id(after)]) }
        list.append("ORDER BY id DESC LIMIT ?", [.int(query.limit + 1)])
        return list
    }

    /// Whoever was shown the current text and isn't in the organization any more, or was removed from the workspace.
    private static let seenByDeparted: StaticString = """
        kind = 'service' AND EXISTS (
            SELECT 1 FROM api_token_shown AS shown
            WHERE shown.token_id = api_token.id AND shown.generation = api_token.generation
                AND (NOT EXISTS (
                    SELECT 1 FROM membership WHERE membership.user_id = shown.user_id
                        AND membership.organization_id = api_token.organization_id
                        AND membership.workspace_id IS NULL AND membership.status <> 'removed'
                ) OR EXISTS (
                    SELECT 1 FROM membership WHERE membership.user_id = shown.user_id
                        AND membership.workspace_id = api_token.workspace_id AND membership.status = 'removed'
                ))
        )
        """

    static let statements = [
        ending, demanded, insert, get, find, lock, update, nameOfUser, nameOfAccount, countOfUser, countOfAccount,
        deleteTags,
        insertTag,
    ]
}
