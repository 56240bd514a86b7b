/// Store: the schema, its migrations and every query, written once in the SQL both engines speak.
///
/// Each capability has a caseless enum of static functions that take the transaction last; what they read and write
/// are Domain's records, or a record of this target where Domain has no rule for it. Statements are named constants,
/// listed by ``StoreStatements``, so that a test prepares each on every engine. Sealed values pass through here as
/// ciphertext only.
///
/// Imports: Domain, SQLDatabase, StrictJSON (JSON columns). Never Sealing, never a driver, no Foundation.
package enum Store {}
