package import Domain
package import Logging
package import SQLDatabase
package import Sealing
internal import Store
internal import Synchronization

/// The key ring of a running server: opened at start with the master key, refreshed when data keys change (OPS-2).
package final class KeyRingService: Sendable {
    private let database: any Database
    private let source: MasterKeySource
    private let random: RandomSource
    private let logger: Logger
    private let opened: Mutex<(ring: KeyRing, masterKeys: MasterKeys)>

    /// The hashers of tokens under the opened peppers.
    package let hashers: TokenHasherSource

    /// Opens the keys of a database, and makes the first ones on a new database.
    ///
    /// Throws a `SealingError`, a sentence for the operator, when the master key is missing, malformed, readable by
    /// others or not the one this database was sealed with. A master key is made for a database without data keys only.
    package static func open(
        database: any Database,
        source: MasterKeySource,
        now: Instant,
        ids: IDSource,
        random: RandomSource,
        logger: Logger
    ) async throws -> KeyRingService {
        let stored = try await database.read(StoredKeys.init(in:))
        let isMaking = stored.dataKeys.isEmpty && source.isMissing
        let masterKeys = try stored.dataKeys.isEmpty ? source.loadOrMake(random: random) : source.load(for: stored)
        if stored.dataKeys.isEmpty {
            try await makeFirstKeys(database, masterKeys: masterKeys, now: now, ids: ids, random: random)
        }
        let keys = try await database.read(StoredKeys.init(in:))
        if isMaking, !keys.dataKeys.contains(where: { $0.masterKeyID == masterKeys.current.id }) {
            throw source.withdraw(masterKeys)
        }
        let ring = try KeyRing(masterKeys: masterKeys, wrapped: keys.dataKeys, random: random)
        return KeyRingService(
            database: database,
            source: source,
            random: random,
            logger: logger,
            opened: (ring, masterKeys),
            hasher: try keys.hasher(opening: ring)
        )
    }

    private init(
        database: any Database,
        source: MasterKeySource,
        random: RandomSource,
        logger: Logger,
        opened: (ring: KeyRing, masterKeys: MasterKeys),
        hasher: TokenHasher
    ) {
        self.database = database
        self.source = source
        self.random = random
        self.logger = logger
        self.opened = Mutex(opened)
        hashers = TokenHasherSource(hasher)
    }

    /// Makes the server's data key and the first pepper, unless another node did at the same moment.
    private static func makeFirstKeys(
        _ database: any Database,
        masterKeys: MasterKeys,
        now: Instant,
        ids: IDSource,
        random: RandomSource
    ) async throws {
        var ring = KeyRing(masterKeys: masterKeys, random: random)
        let dataKey = try ring.makeDataKey(id: ids.next(), scope: .server)
        let secret = try ring.seal(random.bytes(32), at: SealedPepper.place(of: 1), scope: .server)
        try await database.write { tx in
            try StartTurn.take(in: tx)
            guard try SealedStore.dataKeys(in: tx).isEmpty else { return }
            try SealedStore.insert(dataKey, createdAt: now, in: tx)
            try SealedStore.insert(SealedPepper(id: 1, value: secret), now: now, in: tx)
        }
    }

    /// Reads data keys and peppers again, after the change log told of a change in them.
    ///
    /// If they were wrapped by a master key that isn't known yet, its source is read again: that is how a server
    /// follows `claviger master-key rotate` without a restart.
    package func refresh() async throws {
        let keys = try await database.read(StoredKeys.init(in:))
        let known = opened.withLock { $0.masterKeys }
        let isKnown = keys.dataKeys.allSatisfy { known[$0.masterKeyID] != nil }
        let masterKeys = isKnown ? known : try source.load()
        let ring = try KeyRing(masterKeys: masterKeys, wrapped: keys.dataKeys, random: random)
        hashers.replace(with: try keys.hasher(opening: ring))
        opened.withLock { $0 = (ring, masterKeys) }
        logger.info("The key ring was read again", metadata: ["master_key": "\(masterKeys.current.id)"])
    }

    /// Opens a sealed value.
    package func open(_ sealed: SealedValue, at place: SealedPlace) throws(SealingError) -> [UInt8] {
        let ring = opened.withLock { $0.ring }
        return try ring.open(sealed, at: place)
    }

    /// Seals a value for its place with the newest data key of the scope.
    package func seal(
        _ plaintext: [UInt8],
        at place: SealedPlace,
        scope: DataKeyScope
    ) throws(SealingError) -> SealedValue {
        let ring = opened.withLock { $0.ring }
        return try ring.seal(plaintext, at: place, scope: scope)
    }
}

extension MasterKeySource {
    /// The keys of a database that has been sealed with some already.
    fileprivate func load(for stored: StoredKeys) throws -> MasterKeys {
        guard isMissing, case .file(let path) = self else { return try load() }
        let wanted = stored.dataKeys.last?.masterKeyID ?? ""
        throw SealingError(
            .missingMasterKey,
            "There is no master key at \(path), and this database was sealed with one (\(wanted)) already. Copy "
                + "master.key there from the data directory of a node that runs on this database, or from its backup; "
                + "without it nothing can be opened."
        )
    }

    /// Takes back a key that was made for a database which another node gave its first keys meanwhile.
    fileprivate func withdraw(_ keys: MasterKeys) -> SealingError {
        guard case .file(let path) = self else {
            return SealingError(.wrongMasterKey, "Another node sealed this database with another master key.")
        }
        MasterKeyFile(path: path).withdraw(keys)
        return SealingError(
            .wrongMasterKey,
            "Another node that started at the same moment gave this database its first keys. Copy master.key from the "
                + "data directory of that node to \(path) and start this one again."
        )
    }
}

/// Data keys and peppers as the store has them.
struct StoredKeys: Sendable {
    let dataKeys: [WrappedDataKey]
    let peppers: [SealedPepper]

    init(in tx: borrowing Transaction) throws {
        dataKeys = try SealedStore.dataKeys(in: tx)
        peppers = try SealedStore.peppers(in: tx)
    }

    func hasher(opening ring: KeyRing) throws -> TokenHasher {
        let opened = try peppers.map { pepper in
            Pepper(id: pepper.id, secret: try ring.open(pepper.value, at: SealedPepper.place(of: pepper.id)))
        }
        guard let hasher = TokenHasher(peppers: opened) else {
            throw SealingError(.unknownDataKey, "This database has no pepper; it was not set up completely.")
        }
        return hasher
    }
}
