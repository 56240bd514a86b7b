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
        WHERE user_id = ? AND workspace_id = ? AND name = ? AND state <> 'revoked' AND id <> ?
        """
    static let nameOfAccount: Statement = """
        SELECT id FROM api_token
        WHERE service_account_id = ? AND workspace_id = ? AND name = ? AND state <> 'revoked' AND id <> ?
        """
    static let countOfUser: Statement =
        "SELECT COUNT(*) FROM api_token WHERE user_id = ? AND organization_id = ? AND state <> 'revoked'"
    static let countOfAccount: Statement =
        "SELECT COUNT(*) FROM api_token WHERE service_account_id = ? AND organization_id = ? AND state <> 'revoked'"
    static let deleteTags: Statement = "DELETE FROM api_token_tag WHERE token_id = ?"
    static let insertTag: Statement = "INSERT INTO api_token_tag (token_id, tag) VALUES (?, ?)"
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
        if let after = query.after { list.condition("id < ?", [.id(after)]) }
        list.append("ORDER BY id DESC LIMIT ?", [.int(query.limit + 1)])
        return list
    }

    static let statements = [
        insert, get, find, lock, update, nameOfUser, nameOfAccount, countOfUser, countOfAccount, deleteTags, insertTag,
    ]
}
