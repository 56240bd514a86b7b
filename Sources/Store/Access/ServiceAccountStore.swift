package import Domain
package import SQLDatabase

/// Accounts of programs.
package enum ServiceAccountStore {
    /// Adds an account unless the workspace has another of this name; answers whether it was added.
    package static func insert(_ account: ServiceAccount, in tx: borrowing Transaction) throws -> Bool {
        let values: [SQLValue] = [
            .id(account.id), .id(account.organizationID), .id(account.workspaceID), .instant(account.createdAt),
            .word(account.createdBy.kind), .text(account.createdBy.id), .text(account.createdBy.name),
        ]
        return try tx.first(insert, values + changingValues(of: account, now: account.createdAt)) != nil
    }

    /// An account, deleted ones too.
    package static func get(_ id: ServiceAccountID, in tx: borrowing Transaction) throws -> ServiceAccount? {
        try tx.first(get, [.id(id)], account)
    }

    /// An account of this organization, deleted ones too; another's is not there, and takes as long to be not there.
    package static func get(
        _ id: ServiceAccountID,
        organization: OrganizationID?,
        in tx: borrowing Transaction
    ) throws -> ServiceAccount? {
        try tx.first(getOwn, [.id(id), .text(organization?.text)], account)
    }

    /// Keeps everybody else from changing an account of this organization until the transaction ends; reads come
    /// afterwards.
    package static func lock(
        _ id: ServiceAccountID,
        organization: OrganizationID?,
        in tx: borrowing Transaction
    ) throws {
        _ = try tx.first(lock, [.id(id), .text(organization?.text)])
    }

    /// Whether another account of the workspace has this name.
    package static func isNameTaken(
        _ name: String,
        workspace: WorkspaceID,
        except id: ServiceAccountID?,
        in tx: borrowing Transaction
    ) throws -> Bool {
        try tx.first(nameTaken, [.id(workspace), .text(name), .text(id?.text ?? "")]) != nil
    }

    /// Writes a changed account if it still has the version it was read with; answers whether it did.
    package static func update(
        _ account: ServiceAccount,
        expectedVersion: Int64,
        now: Instant,
        in tx: borrowing Transaction
    ) throws -> Bool {
        let keys: [SQLValue] = [.id(account.id), .int(expectedVersion)]
        return try tx.execute(update, changingValues(of: account, now: now) + keys) == 1
    }

    /// One page of a workspace's accounts that aren't deleted, newest first.
    package static func list(
        workspace: WorkspaceID,
        after: ServiceAccountID? = nil,
        limit: Int,
        in tx: borrowing Transaction
    ) throws -> Page<ServiceAccount> {
        let list = listing(workspace: workspace, after: after, limit: limit)
        let rows = try tx.rows(list.statement, list.values, account)
        return Page(rows, limit: limit) { PageCursor(time: $0.createdAt, id: $0.id.text) }
    }

    static func listing(workspace: WorkspaceID, after: ServiceAccountID?, limit: Int) -> StatementBuilder {
        var list = StatementBuilder(head)
        list.condition("service_account.workspace_id = ?", [.id(workspace)])
        list.condition("service_account.state <> 'deleted'")
        if let after { list.condition("service_account.id < ?", [.id(after)]) }
        list.append("ORDER BY service_account.id DESC LIMIT ?", [.int(limit + 1)])
        return list
    }

    private static let fixed: ColumnList = [
        "id", "organization_id", "workspace_id", "created_at", "created_by_kind", "created_by_id", "created_by_name",
    ]
    private static let changing: ColumnList = [
        "name", "description", "role", "custom_role_id", "state", "updated_at", "version",
    ]

    private static func changingValues(of account: ServiceAccount, now: Instant) -> [SQLValue] {
        [
            .text(account.name), .text(account.description), .word(account.role), .id(account.customRole?.id),
            .word(account.state), .instant(now), .int(account.version),
        ]
    }

    private static func account(_ row: Row) throws -> ServiceAccount {
        var reader = row.reader
        let id = try reader.id(ServiceAccountID.self)
        let organization = try reader.id(OrganizationID.self)
        let workspace = try reader.id(WorkspaceID.self)
        let createdAt = try reader.instant()
        let createdBy = try reader.actor()
        let name = try reader.text()
        let description = try reader.text()
        let role = try reader.word(WorkspaceRole.self)
        // The role itself comes behind.
        _ = try reader.optionalText()
        let state = try reader.word(ServiceAccount.State.self)
        _ = try reader.instant()
        let version = try reader.int()
        let account = ServiceAccount(
            id: id,
            organizationID: organization,
            workspaceID: workspace,
            name: name,
            description: description,
            role: role,
            customRole: try CustomRoleStore.optionalRole(&reader),
            state: state,
            createdBy: createdBy,
            createdAt: createdAt,
            version: version
        )
        try reader.finish()
        return account
    }

    private static let insert = (fixed + changing)
        .insert(into: "service_account", then: "ON CONFLICT DO NOTHING RETURNING id")
    private static let head = Statement(
        """
        SELECT \((fixed + changing).list(of: "service_account")), \(CustomRoleStore.columns.list(of: "custom_role"))
        FROM service_account LEFT JOIN custom_role ON custom_role.id = service_account.custom_role_id
        """
    )
    private static let get = Statement("\(head.text) WHERE service_account.id = ?")
    private static let getOwn = Statement("\(get.text) AND service_account.organization_id = ?")
    /// Writing the row keeps others from it until the transaction ends.
    private static let lock: Statement = """
        UPDATE service_account SET version = version WHERE id = ? AND organization_id = ? RETURNING version
        """
    private static let nameTaken: Statement =
        "SELECT id FROM service_account WHERE workspace_id = ? AND name = ? AND state <> 'deleted' AND id <> ?"
    private static let update = Statement(
        "UPDATE service_account SET \(changing.assignments) WHERE id = ? AND version = ?"
    )

    static let statements = [insert, get, getOwn, lock, nameTaken, update]
}
