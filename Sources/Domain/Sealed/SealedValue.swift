/// A value that is stored in sealed form only; `Sealing` is the one that opens it.
///
/// The bytes are a 12-byte nonce, the ciphertext and a 16-byte tag (AES-256-GCM).
package struct SealedValue: Hashable, Sendable {
    /// The data key it was sealed with.
    package let dataKeyID: DataKeyID
    package let bytes: [UInt8]

    package init(dataKeyID: DataKeyID, bytes: [UInt8]) {
        self.dataKeyID = dataKeyID
        self.bytes = bytes
    }
}

extension SealedValue: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "SealedValue(\(dataKeyID), \(bytes.count) bytes)" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// Where a sealed value belongs; it can't be opened at any other place.
package struct SealedPlace: Hashable, Sendable {
    package let table: String
    package let id: String
    package let version: Int64
    package let field: String

    package init(table: String, id: String, version: Int64, field: String) {
        self.table = table
        self.id = id
        self.version = version
        self.field = field
    }
}
