package import Domain
package import SQLDatabase

/// Tokens within one organization: another's is not there, and takes as long to be not there (ORG-1).
extension APITokenStore {
    package static func get(
        _ id: CredentialID,
        organization: OrganizationID?,
        in tx: borrowing Transaction
    ) throws -> APIToken? {
        try tx.first(getOwn, [.id(id), .text(organization?.text)], token)
    }

    /// Keeps everybody else from changing the token until the transaction ends; reads come afterwards.
    package static func lock(
        _ id: CredentialID,
        organization: OrganizationID?,
        in tx: borrowing Transaction
    ) throws {
        _ = try tx.first(lockOwn, [.id(id), .text(organization?.text)])
    }

    private static let getOwn = Statement("\(get.text) AND organization_id = ?")
    private static let lockOwn: Statement =
        "UPDATE api_token SET version = version WHERE id = ? AND organization_id = ? RETURNING version"

    static let tenantStatements = [getOwn, lockOwn]
}
