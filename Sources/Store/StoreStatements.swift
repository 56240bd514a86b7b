package import SQLDatabase

/// Every statement the store can make, so that a test prepares each on every engine.
package enum StoreStatements {
    /// The named constants, and of lists put together from pieces one with all its pieces.
    package static var all: [Statement] {
        [MigrationRunner.record, MigrationRunner.list] + AgentStore.statements + PresenceStore.statements
            + AgentEventStore.statements + CredentialStore.statements + RetiredTokenStore.statements
            + RotationStore.statements + AuditStore.statements
    }
}
