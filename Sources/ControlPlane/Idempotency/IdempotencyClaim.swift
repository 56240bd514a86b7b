internal import Domain
internal import SQLDatabase
internal import Store

/// The idempotency key that the running operation was asked for with.
///
/// Each transaction of the operation notes in the key's record that it was committed. So the record tells what became
/// of a request wherever its process dies: without the note nothing was changed, and with it the key never runs again.
struct IdempotencyClaim: Sendable {
    /// The claim of the operation that runs in this task, if it was asked for with a key.
    @TaskLocal static var current: IdempotencyClaim?

    let key: IdempotencyKey
    let claimedAt: Instant

    /// Notes that the transaction's work is done; a claim that was given to a later request stops the transaction.
    func note(in tx: borrowing Transaction) throws {
        guard try IdempotencyStore.noteCommit(key, claimedAt: claimedAt, in: tx) else {
            throw ControlPlaneError(
                .idempotencyKeyInUse,
                "This request took so long that another one with its Idempotency-Key began; nothing was changed by it."
            )
        }
    }
}
