internal import Crypto
package import Domain

/// The opened data keys and the master keys behind them.
///
/// It is a value: a service holds the one that counts and replaces it when a data key is added or the master key
/// changes.
package struct KeyRing: Sendable {
    private struct DataKey: Sendable {
        let scope: DataKeyScope
        let key: SymmetricKey
    }

    private let masterKeys: MasterKeys
    private let random: RandomSource
    private var dataKeys: [DataKeyID: DataKey] = [:]
    private var newest: [DataKeyScope: DataKeyID] = [:]

    /// A ring without data keys.
    package init(masterKeys: MasterKeys, random: RandomSource) {
        self.masterKeys = masterKeys
        self.random = random
    }

    /// A ring with these data keys; a master key that isn't theirs is refused.
    package init(masterKeys: MasterKeys, wrapped: [WrappedDataKey], random: RandomSource) throws(SealingError) {
        self.init(masterKeys: masterKeys, random: random)
        for key in wrapped { try add(key) }
    }

    package var masterKeyID: String { masterKeys.current.id }

    /// Makes a data key for a scope, adds it, and returns it in the form to store.
    package mutating func makeDataKey(id: DataKeyID, scope: DataKeyScope) throws(SealingError) -> WrappedDataKey {
        let bytes = random.bytes(32)
        let wrapped = try wrap(bytes, id: id, scope: scope)
        remember(DataKey(scope: scope, key: SymmetricKey(data: bytes)), as: id)
        return wrapped
    }

    /// Opens a stored data key and adds it.
    package mutating func add(_ wrapped: WrappedDataKey) throws(SealingError) {
        let bytes = try unwrap(wrapped)
        remember(DataKey(scope: wrapped.scope, key: SymmetricKey(data: bytes)), as: wrapped.id)
    }

    /// The same data key, wrapped by the current master key; what it sealed stays as it is.
    package func rewrapped(_ wrapped: WrappedDataKey) throws(SealingError) -> WrappedDataKey {
        guard wrapped.masterKeyID != masterKeyID else { return wrapped }
        return try wrap(try unwrap(wrapped), id: wrapped.id, scope: wrapped.scope)
    }

    /// Whether the ring can open what this data key sealed.
    package func holds(_ id: DataKeyID) -> Bool { dataKeys[id] != nil }

    /// Whether there is a data key to seal with for this scope.
    package func holds(_ scope: DataKeyScope) -> Bool { newest[scope] != nil }

    /// Seals a value for its place with the scope's newest data key.
    package func seal(
        _ plaintext: [UInt8],
        at place: SealedPlace,
        scope: DataKeyScope
    ) throws(SealingError) -> SealedValue {
        guard let id = newest[scope], let dataKey = dataKeys[id] else {
            throw SealingError(.unknownDataKey, "There is no data key for \(scope.text).")
        }
        let bytes = try Envelope.seal(plaintext, with: dataKey.key, at: place.associatedData, random: random)
        return SealedValue(dataKeyID: id, bytes: bytes)
    }

    /// Opens a value at its place; anywhere else, or changed by one bit, it stays closed.
    package func open(_ sealed: SealedValue, at place: SealedPlace) throws(SealingError) -> [UInt8] {
        guard let dataKey = dataKeys[sealed.dataKeyID] else {
            throw SealingError(.unknownDataKey, "The data key \(sealed.dataKeyID) isn't in the key ring.")
        }
        return try Envelope.open(sealed.bytes, with: dataKey.key, at: place.associatedData)
    }

    private mutating func remember(_ dataKey: DataKey, as id: DataKeyID) {
        dataKeys[id] = dataKey
        newest[dataKey.scope] = max(newest[dataKey.scope] ?? id, id)
    }

    private func wrap(_ bytes: [UInt8], id: DataKeyID, scope: DataKeyScope) throws(SealingError) -> WrappedDataKey {
        let master = masterKeys.current
        let place = Self.place(of: id, scope: scope, masterKeyID: master.id)
        let sealed = try Envelope.seal(bytes, with: master.key, at: place.associatedData, random: random)
        return WrappedDataKey(id: id, scope: scope, masterKeyID: master.id, bytes: sealed)
    }

    private func unwrap(_ wrapped: WrappedDataKey) throws(SealingError) -> [UInt8] {
        guard let master = masterKeys[wrapped.masterKeyID] else {
            throw SealingError(
                .wrongMasterKey,
                "This database was sealed with the master key \(wrapped.masterKeyID); the one given is \(masterKeyID). "
                    + "Take the right one from a node that runs on this database, or from its backup."
            )
        }
        let place = Self.place(of: wrapped.id, scope: wrapped.scope, masterKeyID: wrapped.masterKeyID)
        return try Envelope.open(wrapped.bytes, with: master.key, at: place.associatedData)
    }

    private static func place(of id: DataKeyID, scope: DataKeyScope, masterKeyID: String) -> SealedPlace {
        SealedPlace(table: "data_key", id: id.text, version: 1, field: "\(scope.text)/\(masterKeyID)")
    }
}

extension KeyRing: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "KeyRing(\(dataKeys.count) data keys, [redacted])" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
