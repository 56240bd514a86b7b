package import Domain
package import SQLDatabase

/// People who sign in.
package enum UserStore {
    /// Adds a person unless the address is taken; answers whether they were added.
    package static func insert(_ user: UserAccount, in tx: borrowing Transaction) throws -> Bool {
        try tx.first(insert, [.id(user.id), .instant(user.createdAt)] + changingValues(of: user)) != nil
    }

    /// Keeps everybody else from changing the account, or from counting what it owns, until the transaction ends.
    package static func lock(_ id: UserID, in tx: borrowing Transaction) throws {
        _ = try tx.first(lock, [.id(id)])
    }

    package static func get(_ id: UserID, in tx: borrowing Transaction) throws -> UserAccount? {
        try tx.first(get, [.id(id)], user)
    }

    package static func find(email: EmailAddress, in tx: borrowing Transaction) throws -> UserAccount? {
        try tx.first(findByEmail, [.text(email.text)], user)
    }

    /// Writes a changed person if they still have the version they were read with; answers whether they did.
    package static func update(
        _ user: UserAccount,
        expectedVersion: Int64,
        in tx: borrowing Transaction
    ) throws -> Bool {
        try tx.execute(update, changingValues(of: user) + [.id(user.id), .int(expectedVersion)]) == 1
    }

    /// All people, oldest first.
    package static func all(in tx: borrowing Transaction) throws -> [UserAccount] {
        try tx.rows(all, [], user)
    }

    private static func changingValues(of user: UserAccount) -> [SQLValue] {
        [
            .text(user.email.text), .text(user.name), .word(user.state), .text(user.passwordHash),
            .instant(user.passwordChangedAt), .bool(user.isServerAdministrator), .instant(user.updatedAt),
            .int(user.version),
        ]
    }

    private static func user(_ row: Row) throws -> UserAccount {
        var reader = row.reader
        let id = try reader.id(UserID.self)
        let createdAt = try reader.instant()
        guard let email = EmailAddress(try reader.text()) else {
            throw DatabaseError(.columnType, "A person's e-mail address is none.")
        }
        let user = UserAccount(
            id: id,
            email: email,
            name: try reader.text(),
            state: try reader.word(),
            passwordHash: try reader.optionalText(),
            passwordChangedAt: try reader.optionalInstant(),
            isServerAdministrator: try reader.bool(),
            createdAt: createdAt,
            updatedAt: try reader.instant(),
            version: try reader.int()
        )
        try reader.finish()
        return user
    }

    private static let fixed: ColumnList = ["id", "created_at"]
    private static let changing: ColumnList = [
        "email", "name", "state", "password_hash", "password_changed_at", "is_server_administrator", "updated_at",
        "version",
    ]
    private static let columns = fixed + changing
    private static let insert = columns.insert(into: "user_account", then: "ON CONFLICT DO NOTHING RETURNING id")
    private static let get = Statement("SELECT \(columns.list) FROM user_account WHERE id = ?")
    private static let findByEmail = Statement("SELECT \(columns.list) FROM user_account WHERE email = ?")
    private static let update = Statement(
        "UPDATE user_account SET \(changing.assignments) WHERE id = ? AND version = ?"
    )
    private static let all = Statement("SELECT \(columns.list) FROM user_account ORDER BY created_at, id")

    /// Writing the row keeps others from it until the transaction ends.
    private static let lock: Statement = "UPDATE user_account SET version = version WHERE id = ? RETURNING version"

    static let statements = [lock, insert, get, findByEmail, update, all]
}
