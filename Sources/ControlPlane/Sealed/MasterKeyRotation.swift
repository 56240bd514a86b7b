package import Domain
internal import FaultPoints
package import SQLDatabase
package import Sealing
internal import Store

/// `claviger master-key rotate`: wraps all data keys anew, in one transaction and without downtime (OPS-2).
///
/// With a key file, the new key is first written in front of the old one, so that either of them can be read wherever
/// this is interrupted; the old one goes when the transaction is durable. A lock beside the file keeps a second change
/// out. With an environment variable or a command
/// the operator does the same: the new key first, the old one behind it, then this, then the old one may go.
package struct MasterKeyRotation: Sendable {
    /// What was done.
    package struct Receipt: Hashable, Sendable {
        package let masterKeyID: String
        /// How many data keys were wrapped anew.
        package let rewrapped: Int
    }

    private let context: KeyContext

    /// What this needs; it runs on the host, where no server and no hasher may be there.
    package struct KeyContext: Sendable {
        package let database: any Database
        package let now: @Sendable () -> Instant
        package let ids: IDSource
        package let random: RandomSource

        package init(
            database: any Database,
            now: @escaping @Sendable () -> Instant,
            ids: IDSource,
            random: RandomSource
        ) {
            self.database = database
            self.now = now
            self.ids = ids
            self.random = random
        }
    }

    package init(context: KeyContext) {
        self.context = context
    }

    /// Changes the master key and writes it into the audit trail; on the host only.
    package func rotate(source: MasterKeySource, caller: Caller) async throws -> Receipt {
        try caller.requireHost()
        guard case .file(let path) = source else {
            return try await rewrap(with: try source.load(), caller: caller)
        }
        let file = MasterKeyFile(path: path)
        // Two changes at once would each drop the key that the other one wraps with.
        let lock = try MasterKeyFileLock(file)
        defer { lock.hold() }
        let known = try file.read()
        // The old key has to open everything before a new one is written down.
        let stored = try await context.database.read(StoredKeys.init(in:))
        _ = try KeyRing(masterKeys: known, wrapped: stored.dataKeys, random: context.random)
        let next = successor(of: known, wrapping: stored.dataKeys)
        if next.current.id != known.current.id { try file.replace(with: next) }
        FaultPoints.reach("master-key.after-file-write")
        let receipt = try await rewrap(with: next, caller: caller)
        FaultPoints.reach("master-key.after-rewrap-commit")
        try file.replace(with: MasterKeys(current: next.current))
        return receipt
    }

    /// The keys to wrap with and to open with; none that is in use is left out.
    ///
    /// A change that was interrupted before its transaction left a new key in front that wraps nothing yet, or not
    /// everything: that change is finished with this key, so that the file never grows beyond what can be read.
    private func successor(of known: MasterKeys, wrapping dataKeys: [WrappedDataKey]) -> MasterKeys {
        guard dataKeys.allSatisfy({ $0.masterKeyID == known.current.id }) else { return known }
        let older = ([known.current] + known.older).prefix(MasterKeys.maximumCount - 1)
        return MasterKeys(current: .make(random: context.random), older: Array(older))
    }

    private func rewrap(with masterKeys: MasterKeys, caller: Caller) async throws -> Receipt {
        let ring = KeyRing(masterKeys: masterKeys, random: context.random)
        let event = caller.auditEvent(
            id: context.ids.next(),
            at: context.now(),
            action: "master_key.rotate",
            target: AuditTarget(kind: "master_key", id: ring.masterKeyID)
        )
        return try await context.database.write { tx in
            var count = 0
            for wrapped in try SealedStore.dataKeys(in: tx) where wrapped.masterKeyID != ring.masterKeyID {
                let anew = try ring.rewrapped(wrapped)
                // One that somebody else wrapped in between may need a key that goes: nothing is changed then.
                guard try SealedStore.rewrap(anew, expectedMasterKeyID: wrapped.masterKeyID, in: tx) else {
                    throw ControlPlaneError(.unavailable, "The data keys were changed at the same moment; try again.")
                }
                count += 1
            }
            try AuditStore.append(event, in: tx)
            return Receipt(masterKeyID: ring.masterKeyID, rewrapped: count)
        }
    }
}
